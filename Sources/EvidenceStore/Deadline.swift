import Glibc
import LinuxSystem

/// A point on the monotonic clock by which something must have ended.
struct Deadline {
  private let nanoseconds: Int64

  /// The point `milliseconds` from now.
  init(milliseconds: Int64) {
    nanoseconds = Self.now + milliseconds * 1_000_000
  }

  var hasPassed: Bool { Self.now >= nanoseconds }

  private static var now: Int64 { readClock(CLOCK_MONOTONIC) }

  /// Lets a writer finish: 0.2 ms, so that its commit is seen soon after.
  static func pause() {
    usleep(firstPause)
  }

  /// Lets a writer finish who waits for its disk: pauses that grow, so as not to take the processor
  /// from it.
  static func pause(_ step: inout useconds_t) {
    usleep(step)
    step = min(step * 2, longestPause)
  }

  /// Microseconds.
  static let firstPause: useconds_t = 200
  private static let longestPause: useconds_t = 1_600
}

/// Work that a statement may do, as processor time of this thread: a thread that was merely kept
/// waiting, by the disk or by other programs, has not used it up.
struct ProcessorBudget {
  private let end: Int64

  init(milliseconds: Int64) {
    end = Self.used + milliseconds * 1_000_000
  }

  var isSpent: Bool { Self.used >= end }

  private static var used: Int64 { readClock(CLOCK_THREAD_CPUTIME_ID) }
}
