import Glibc
import LinuxSystem
import ReflexiveCore

/// The clocks of this library. Evidence has the time of the wall clock. Waits and deadlines use a
/// clock that cannot be set.
struct WriterTime: Sendable {
  var wall: @Sendable () -> UnixTime
  /// The time since a fixed moment.
  var elapsed: @Sendable () -> Duration
  var sleep: @Sendable (Duration) async throws -> Void

  static let system = WriterTime(clock: ContinuousClock()) {
    let (seconds, nanoseconds) = readClock(CLOCK_REALTIME)
      .quotientAndRemainder(dividingBy: 1_000_000_000)
    return UnixTime(seconds: seconds, nanoseconds: nanoseconds)
  }

  init<C: Clock<Duration>>(clock: C, wall: @escaping @Sendable () -> UnixTime) {
    let start = clock.now
    self.wall = wall
    elapsed = { start.duration(to: clock.now) }
    sleep = { try await clock.sleep(for: $0) }
  }

  /// Runs `work` and cancels it after `limit`.
  ///
  /// - Returns: `nil` if `work` was cancelled because it took too long.
  func within<Result: Sendable>(
    _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result? {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await sleep(max(limit, .zero))
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
