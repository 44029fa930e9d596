import CLinux
import Glibc

/// Lets any thread wake one that waits, with eventfd(2) and ppoll(2).
package final class ThreadSignal: Sendable {
  private let descriptor: Int32

  package init() { descriptor = linux_event() }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Ends the current wait, or the next one.
  package func raise() {
    var count: UInt64 = 1
    write(descriptor, &count, 8)
  }

  /// Waits until the signal is raised, file events arrive, or the time is over.
  ///
  /// - Parameters:
  ///   - limit: the longest wait; `nil` waits forever.
  ///   - events: the file events to wait for, if any.
  package func wait(atMost limit: Duration?, events: FileEventQueue?) {
    var limit = limit
    // Without a descriptor nothing can wake the thread.
    if descriptor < 0 { limit = min(limit ?? Self.longestBlindWait, Self.longestBlindWait) }
    let nanoseconds = limit.map { max($0 / .nanoseconds(1), 0) } ?? -1
    if linux_wait(descriptor, events?.descriptor ?? -1, Int64(nanoseconds)) {
      var count: UInt64 = 0
      read(descriptor, &count, 8)
    }
  }

  private static let longestBlindWait: Duration = .milliseconds(50)
}
