import CLinux
import Glibc

/// Ends the waits of other threads for good, with eventfd(2).
package final class StopSignal: Sendable {
  /// Readable once the signal is raised; -1 if the system has no descriptor left.
  package let descriptor: Int32

  package init() { descriptor = linux_event() }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func raise() {
    var count: UInt64 = 1
    write(descriptor, &count, 8)
  }

  /// Waits until the signal is raised or the time is over.
  ///
  /// - Returns: whether the signal is raised.
  package func wait(atMost limit: Duration) -> Bool {
    linux_wait(descriptor, -1, Int64(max(limit / .nanoseconds(1), 0)))
  }
}
