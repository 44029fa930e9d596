/// Passes the runs of one agent to the scope.
struct RunObserver<Output: Sendable>: Sendable {
  let agent: String
  let scope: MetacognitionScope
  let scoring: ScoringTime
  let adapt: (@Sendable (QualityEvaluation) async throws -> Void)?
  let scored: @Sendable (Output) -> any Encodable & Sendable

  func finished(_ output: Output) async {
    let scored = scored
    await hand(PendingRun(agent: agent, output: .success { scored(output) }, adapt: adapt))
  }

  func failed(_ error: any Error) async {
    await hand(PendingRun(agent: agent, output: .failure(.agent(error))))
  }

  /// Records that the reader of a stream stopped before its end.
  func abandoned() {
    scope.submit(
      PendingRun(
        agent: agent, output: .failure(UnscoredReason("the stream was not read to its end")))
    )
  }

  private func hand(_ run: PendingRun) async {
    switch scoring {
    case .background: scope.submit(run)
    case .awaited(let limit): await scope.complete(run, within: limit)
    }
  }
}

/// An ended run of an agent.
struct PendingRun: Sendable {
  let run = RunID()
  var agent: String
  /// Returns the value to score, made from the output when the run's turn comes.
  var output: Result<@Sendable () -> any Encodable & Sendable, UnscoredReason>
  var adapt: (@Sendable (QualityEvaluation) async throws -> Void)?
  /// When scoring has to end, on the clock of the scope.
  var deadline: Duration?
  /// Resumed when the run is done.
  var completion: Completion<Void>?
}

extension UnscoredReason: Error {}
