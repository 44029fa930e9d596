import Glibc

/// The resources that this process uses. A value is `nil` if it cannot be read.
package struct ProcessSnapshot: Hashable, Sendable {
  package var cpuSeconds: Double?
  package var residentBytes: Double?
  package var virtualBytes: Double?
  package var openDescriptors: Double?
  package var maxDescriptors: Double?
  package var startTime: Double?

  package init() {}

  /// Reads `/proc/self` and nothing else in `/proc`, because a hardened systemd unit hides the
  /// rest.
  ///
  /// Source: proc(5), `/proc/pid/statm` (size and resident, in pages).
  package static func current() -> ProcessSnapshot {
    var snapshot = ProcessSnapshot()
    snapshot.cpuSeconds = Double(readClock(CLOCK_PROCESS_CPUTIME_ID)) / 1e9
    let pages = (readFile("/proc/self/statm") ?? []).split(separator: UInt8(ascii: " "))
      .map { Double(String(decoding: $0, as: UTF8.self)) }
    if pages.count > 1 {
      let bytesOfPage = Double(sysconf(Int32(_SC_PAGESIZE)))
      snapshot.virtualBytes = pages[0].map { $0 * bytesOfPage }
      snapshot.residentBytes = pages[1].map { $0 * bytesOfPage }
    }
    snapshot.startTime = startTime
    snapshot.openDescriptors = countEntries("/proc/self/fd").map(Double.init)
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      snapshot.maxDescriptors = Double(limit.rlim_cur)
    }
    return snapshot
  }

  /// Seconds since 1970. It is read once, because the boot time moves with the wall clock, and a
  /// start time that moves looks like a restart.
  ///
  /// Source: proc(5), `/proc/pid/stat` (field 22, ticks since boot).
  private static let startTime: Double? = {
    // The second field, the name, is in parentheses and may hold any byte; the third follows it.
    guard let stat = readFile("/proc/self/stat"),
      let nameEnd = stat.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = stat[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, let ticks = Double(String(decoding: fields[19], as: UTF8.self)) else {
      return nil
    }
    let boot = Double(readClock(CLOCK_REALTIME) - readClock(CLOCK_BOOTTIME)) / 1e9
    return boot + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }()

  private static func readFile(_ path: String) -> [UInt8]? {
    try? FileContents.read(path, upTo: 1 << 14)
  }

  private static func countEntries(_ path: String) -> Int? {
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
      // "." and ".." are not descriptors, and one descriptor reads this directory.
      if entry.pointee.d_name.0 != UInt8(ascii: ".") { count += 1 }
    }
    return count - 1
  }
}
