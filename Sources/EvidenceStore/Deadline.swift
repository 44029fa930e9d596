import Glibc
import LinuxSystem

/// A point in time on the monotonic clock.
struct Deadline {
  private let nanoseconds: Int64

  /// The point `milliseconds` from now.
  init(milliseconds: Int64) {
    nanoseconds = Self.now + milliseconds * 1_000_000
  }

  var hasPassed: Bool { Self.now >= nanoseconds }

  private static var now: Int64 { readClock(CLOCK_MONOTONIC) }

  /// Sleeps for 0.2 ms to let a writer finish. It is short, so that the commit is seen soon.
  static func pause() {
    usleep(firstPause)
  }

  /// Sleeps for `step` and then doubles it, up to 1.6 ms, because a writer that waits for its disk
  /// needs time and processor.
  static func pause(_ step: inout useconds_t) {
    usleep(step)
    step = min(step * 2, longestPause)
  }

  /// In microseconds.
  static let firstPause: useconds_t = 200
  private static let longestPause: useconds_t = 1_600
}

/// A limit on the processor time of this thread. Time spent waiting, for the disk or for other
/// programs, does not count.
struct ProcessorBudget {
  private let end: Int64

  init(milliseconds: Int64) {
    end = Self.used + milliseconds * 1_000_000
  }

  var isSpent: Bool { Self.used >= end }

  private static var used: Int64 { readClock(CLOCK_THREAD_CPUTIME_ID) }
}
