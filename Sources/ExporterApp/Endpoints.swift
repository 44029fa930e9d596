import Following
import LinuxSystem
import HTTPTypes
import Hummingbird
import ReflexiveCore

/// All routes of the exporter.
struct Endpoints: Sendable {
  let telemetryPath: String
  let registry: StoreRegistry
  let configuration: ConfigurationService
  let build: BuildInfo
  let gate: WebGate?
  let time: TimeSource

  func routeTable() -> RouteTable {
    let paths = [telemetryPath, "/", "/-/healthy", "/-/ready", "/-/reload"]
    let statistics = HTTPStatistics(handlers: paths)
    let pages = MetricsPages(
      snapshot: { snapshot(statistics) }, version: { version(statistics) }, time: time)
    let metrics = MetricsEndpoint(pages: pages, time: time)
    let landingPage = LandingPage(version: build.version, telemetryPath: telemetryPath)
    return RouteTable(
      [
        .get(telemetryPath) { await metrics.respond(to: $0) },
        .get("/") { _ in landingPage.respond() },
        .get("/-/healthy") { _ in .text(.ok, "healthy\n") },
        .get("/-/ready") { _ in ready() },
        .post("/-/reload") { _ in reload() },
      ], statistics: statistics, gate: gate, time: time)
  }

  private func snapshot(_ statistics: HTTPStatistics) -> ExporterSnapshot {
    ExporterSnapshot(
      stores: registry.snapshots(at: time.wall()), build: build,
      reload: configuration.reloadStatus, http: statistics.snapshot(), process: .current())
  }

  private func version(_ statistics: HTTPStatistics) -> MetricsPages.Version {
    MetricsPages.Version(
      stores: registry.version, requests: statistics.requests(besides: telemetryPath),
      reload: configuration.reloadStatus)
  }

  private func ready() -> Response {
    registry.isReady
      ? .text(.ok, "ready\n")
      : .text(.serviceUnavailable, "503: a store has not been read to its end yet\n")
  }

  private func reload() -> Response {
    do {
      try configuration.reload()
      return .text(.ok, "reloaded\n")
    } catch {
      return .text(.internalServerError, "500: not reloaded: \(error)\n")
    }
  }
}
