import Glibc
import LinuxSystem
import ReflexiveCore

/// Where this library reads the time. Evidence carries the wall clock's; waits and deadlines are
/// measured by a clock that no one can set.
struct WriterTime: Sendable {
  var wall: @Sendable () -> UnixTime
  /// Time since some fixed moment.
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

  /// Runs `work` until it ends or `limit` has passed, and cancels what is late.
  ///
  /// - Returns: `nil` if it was late.
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
