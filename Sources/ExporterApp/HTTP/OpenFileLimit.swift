import Glibc

/// How many descriptors this process may open.
///
/// To run out of them is no state to work in: libdispatch, under Swift's tasks, reads
/// `/proc/self/task` and traps where that cannot be opened.
enum OpenFileLimit {
  /// Raises the soft limit to the hard one, as no part of this program calls select(2), which the
  /// soft limit is kept low for.
  ///
  /// - Returns: what the limit is now; `nil` where the kernel does not say.
  static func raise() -> Int? {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return nil }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    if setrlimit(resource, &raised) == 0 { limit = raised }
    return Int(clamping: limit.rlim_cur)
  }
}
