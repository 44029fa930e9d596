import Glibc

/// How many descriptors this process may open.
///
/// To run out of them is no state to work in: libdispatch, under Swift's tasks, reads
/// `/proc/self/task` and traps where that cannot be opened.
package enum OpenFileLimit {
  /// Raises the soft limit to the hard one, as no part of this program calls select(2), which the
  /// soft limit is kept low for.
  ///
  /// - Returns: what the limit is now; `nil` where the kernel does not say.
  package static func raise() -> Int? {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return nil }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    if setrlimit(resource, &raised) == 0 { limit = raised }
    return Int(clamping: limit.rlim_cur)
  }

  /// Whether a file that is opened now would take one of the last quarter of the descriptors.
  ///
  /// - Returns: the limit if so.
  package static func limitIfNearlyReached() -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    // The system hands out the lowest number that is free.
    let next = open("/dev/null", O_RDONLY | O_CLOEXEC)
    if next >= 0 { close(next) }
    guard next < 0 || rlim_t(next) >= limit.rlim_cur / 4 * 3 else { return nil }
    return Int(clamping: limit.rlim_cur)
  }
}
