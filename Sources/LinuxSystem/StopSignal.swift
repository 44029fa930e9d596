import CLinux
import Glibc

/// Ends the waits of other threads, once and for all: eventfd(2).
package final class StopSignal: Sendable {
  /// Can be read from once the signal is raised; -1 where the system has none left.
  package let descriptor: Int32

  package init() { descriptor = linux_event() }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func raise() {
    var count: UInt64 = 1
    write(descriptor, &count, 8)
  }

  /// Waits until it is raised or the time is over.
  ///
  /// - Returns: whether it is raised.
  package func wait(atMost limit: Duration) -> Bool {
    linux_wait(descriptor, -1, Int64(max(limit / .nanoseconds(1), 0)))
  }
}
