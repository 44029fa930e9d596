import Exposition
import Following
import LinuxSystem
import ReflexiveCore

extension Collector {
  static func exporterFamilies(_ snapshot: ExporterSnapshot) -> [MetricFamily] {
    var build = MetricFamily(.buildInfo)
    build.append(
      [
        snapshot.build.version, snapshot.build.revision, snapshot.build.swiftVersion,
        snapshot.build.sqliteVersion,
      ], 1)
    var successful = MetricFamily(.lastReloadSuccessful)
    successful.append([], snapshot.reload.wasSuccessful ? 1 : 0)
    var success = MetricFamily(.lastReloadSuccess)
    success.append([], snapshot.reload.lastSuccess.seconds)
    return [build, successful, success]
  }

  static func httpFamilies(_ http: HTTPSnapshot) -> [MetricFamily] {
    var requests = MetricFamily(.httpRequests)
    var durations = MetricFamily(.httpRequestDuration)
    for handler in http.handlers {
      for answer in handler.requests {
        requests.append([handler.name, answer.code], Double(answer.count))
      }
      durations.append(
        [handler.name],
        Histogram(handler.durations, HistogramBuckets(handler.durations.upperBounds)))
    }
    return [requests, durations]
  }

  static func processFamilies(_ process: ProcessSnapshot) -> [MetricFamily] {
    let values: [(MetricDescriptor, Double?)] = [
      (.processCPU, process.cpuSeconds), (.processResidentMemory, process.residentBytes),
      (.processVirtualMemory, process.virtualBytes), (.processOpenFDs, process.openDescriptors),
      (.processMaxFDs, process.maxDescriptors), (.processStartTime, process.startTime),
    ]
    return values.map { descriptor, value in
      var family = MetricFamily(descriptor)
      family.append([], ifKnown: value)
      return family
    }
  }
}

extension MetricDescriptor {
  fileprivate static let buildInfo = MetricDescriptor(
    "reflexive_exporter_build_info",
    help: "Always 1; the labels say what the exporter was built from.",
    type: .gauge, labelNames: ["version", "revision", "swift_version", "sqlite_version"])
  fileprivate static let lastReloadSuccessful = MetricDescriptor(
    "reflexive_exporter_config_last_reload_successful",
    help: "1 if the last reload of the configuration succeeded, else 0.", type: .gauge)
  fileprivate static let lastReloadSuccess = MetricDescriptor(
    "reflexive_exporter_config_last_reload_success_timestamp_seconds",
    help: "When the configuration in force was loaded.", type: .gauge, unit: "seconds")
  fileprivate static let httpRequests = MetricDescriptor(
    "reflexive_http_requests_total", help: "HTTP requests answered.", type: .counter,
    labelNames: ["handler", "code"])
  fileprivate static let httpRequestDuration = MetricDescriptor(
    "reflexive_http_request_duration_seconds",
    help: "Time from the head of a request until its answer is ready.", type: .histogram,
    unit: "seconds",
    labelNames: ["handler"])
  fileprivate static let processCPU = MetricDescriptor(
    "process_cpu_seconds_total", help: "User and system CPU time spent.", type: .counter,
    unit: "seconds")
  fileprivate static let processResidentMemory = MetricDescriptor(
    "process_resident_memory_bytes", help: "Resident memory size.", type: .gauge, unit: "bytes")
  fileprivate static let processVirtualMemory = MetricDescriptor(
    "process_virtual_memory_bytes", help: "Virtual memory size.", type: .gauge, unit: "bytes")
  fileprivate static let processOpenFDs = MetricDescriptor(
    "process_open_fds", help: "Open file descriptors.", type: .gauge)
  fileprivate static let processMaxFDs = MetricDescriptor(
    "process_max_fds", help: "Limit of open file descriptors.", type: .gauge)
  fileprivate static let processStartTime = MetricDescriptor(
    "process_start_time_seconds", help: "When the process started.", type: .gauge,
    unit: "seconds")
}
