import Synchronization

/// Runs one piece of work at a time, and no more often than needed.
///
/// A call during a run waits for the next run, which all waiting calls share. So a run begins after
/// the calls that it answers, and its outcome is never older than they are.
package final class SerialRuns<Outcome: Sendable>: Sendable {
  /// What a call does when its turn comes.
  private enum Turn {
    case run(sharing: [CheckedContinuation<Turn, Never>])
    case take(Outcome)
  }

  private struct State {
    var isRunning = false
    var waiting: [CheckedContinuation<Turn, Never>] = []
  }

  private let state = Mutex(State())

  package init() {}

  /// - Parameter work: the same in all calls. The first that waits runs its own for the others.
  package func run(_ work: @Sendable () async -> Outcome) async -> Outcome {
    let turn = await withCheckedContinuation { continuation in
      let isIdle = state.withLock { state in
        if state.isRunning { state.waiting.append(continuation) }
        defer { state.isRunning = true }
        return !state.isRunning
      }
      if isIdle { continuation.resume(returning: .run(sharing: [])) }
    }
    switch turn {
    case .run(let others): return await run(work, sharing: others)
    case .take(let outcome): return outcome
    }
  }

  /// Runs other work, unless something is running.
  package func runIfIdle(_ work: @Sendable () async -> Outcome) async {
    let isIdle = state.withLock { state in
      defer { state.isRunning = true }
      return !state.isRunning
    }
    if isIdle { _ = await run(work, sharing: []) }
  }

  private func run(
    _ work: @Sendable () async -> Outcome, sharing others: [CheckedContinuation<Turn, Never>]
  ) async -> Outcome {
    let outcome = await work()
    for other in others { other.resume(returning: .take(outcome)) }
    let waiting = state.withLock { state in
      defer { state.waiting = [] }
      state.isRunning = !state.waiting.isEmpty
      return state.waiting
    }
    waiting.first?.resume(returning: .run(sharing: Array(waiting.dropFirst())))
    return outcome
  }
}
