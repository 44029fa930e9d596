import Glibc

/// The number of descriptors that this process may open.
///
/// The process cannot work without a free one: libdispatch, under Swift's tasks, reads
/// `/proc/self/task` and traps if it cannot open that.
package enum OpenFileLimit {
  /// Raises the soft limit to the hard one. The soft limit is low for the sake of select(2), which
  /// this program does not call.
  ///
  /// - Returns: the new limit; `nil` if the kernel does not say.
  package static func raise() -> Int? {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return nil }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    if setrlimit(resource, &raised) == 0 { limit = raised }
    return Int(clamping: limit.rlim_cur)
  }

  /// The limit, if a file opened now would take one of the last quarter of the descriptors;
  /// otherwise `nil`.
  package static func limitIfNearlyReached() -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    // The kernel assigns the lowest free number.
    let next = open("/dev/null", O_RDONLY | O_CLOEXEC)
    if next >= 0 { close(next) }
    guard next < 0 || rlim_t(next) >= limit.rlim_cur / 4 * 3 else { return nil }
    return Int(clamping: limit.rlim_cur)
  }
}
