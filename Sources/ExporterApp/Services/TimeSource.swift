import Glibc
package import ReflexiveCore

/// Where the daemon reads the time: evidence is as old as the wall clock says, waits and durations
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
      var time = timespec()
      clock_gettime(CLOCK_REALTIME, &time)
      return UnixTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    },
    monotonic: { ContinuousClock.now })
}
