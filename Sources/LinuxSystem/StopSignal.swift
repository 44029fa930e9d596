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
  /// - Parameter other: ends the wait, too, once it can be read from; -1 does not.
  /// - Returns: whether the signal is raised.
  package func wait(atMost limit: Duration, or other: Int32 = -1) -> Bool {
    let (seconds, attoseconds) = limit.components
    return linux_wait(
      descriptor, other, max(seconds * 1_000_000_000 + attoseconds / 1_000_000_000, 0))
  }
}
