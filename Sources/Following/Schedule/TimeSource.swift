import Glibc
import LinuxSystem
package import ReflexiveCore

/// The clocks of the daemon. The age of evidence is measured by the wall clock; waits and durations
/// are measured by a clock that no one can set.
package struct TimeSource: Sendable {
  package var wall: @Sendable () -> UnixTime
  package var monotonic: @Sendable () -> ContinuousClock.Instant

  package init(
    wall: @escaping @Sendable () -> UnixTime,
    monotonic: @escaping @Sendable () -> ContinuousClock.Instant
  ) {
    self.wall = wall
    self.monotonic = monotonic
  }

  /// The clocks of the machine.
  package static let system = TimeSource(
    wall: {
      let (seconds, nanoseconds) = readClock(CLOCK_REALTIME)
        .quotientAndRemainder(dividingBy: 1_000_000_000)
      return UnixTime(seconds: seconds, nanoseconds: nanoseconds)
    },
    monotonic: { ContinuousClock.now })
}
