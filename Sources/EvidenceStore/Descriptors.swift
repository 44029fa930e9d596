import Glibc

/// The descriptors of this process, of which stores leave some to those who ask for the metrics.
enum Descriptors {
  /// - Throws: if a store that is opened now could take the last quarter of them.
  static func checkSupply(for path: String) throws(StoreReadError) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    // The system hands out the lowest number that is free.
    let next = open("/dev/null", O_RDONLY | O_CLOEXEC)
    if next >= 0 { close(next) }
    guard next < 0 || rlim_t(next) >= limit.rlim_cur / 4 * 3 else { return }
    throw StoreReadError(
      .io,
      """
      \(path): of \(limit.rlim_cur) descriptors too few are left to open it; raise the limit \
      (LimitNOFILE= of the unit, or ulimit -n)
      """)
  }
}
