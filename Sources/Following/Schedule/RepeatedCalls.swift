/// How much later than its interval a call may come, so that calls that are due at about the same time wake
/// the process once.
private let tolerance: Duration = .milliseconds(500)

/// Calls `body` after each `interval`, until the task is cancelled.
///
/// - Parameter interval: evaluated before each wait. A call may come half a second later.
package func repeatedly(
  every interval: @autoclosure () -> Duration, _ body: () async -> Void
) async {
  while !Task.isCancelled {
    do { try await Task.sleep(for: interval(), tolerance: tolerance) } catch { return }
    await body()
  }
}
