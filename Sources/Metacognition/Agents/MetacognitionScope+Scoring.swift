import Logging

/// Scores and records one run and, if the score is low, tells the agent to adapt.
extension MetacognitionScope {
  func score(_ run: PendingRun) async {
    defer { run.completion?.resume(()) }
    let evaluation: QualityEvaluation
    do throws(UnscoredReason) {
      evaluation = try await evaluate(run)
    } catch {
      return recordUnscored(run, error)
    }
    var detail = evaluation.detail
    detail["consistency"] = evaluation.consistency.map { .number($0) }
    detail["confidence"] = evaluation.confidence.map { .number($0) }
    let record = EvidenceRecord.execution(
      of: run.agent, score: evaluation.score, detail: detail, run: run.run)
    // The recorder has logged what cannot be written.
    _ = try? await recorder.record(record)
    if evaluation.score < options.adaptBelow { await adapt(run, evaluation) }
  }

  private func evaluate(_ run: PendingRun) async throws(UnscoredReason) -> QualityEvaluation {
    let output = try run.output.get()
    let left = (run.deadline ?? .zero) - recorder.time.elapsed()
    guard left > .zero else { throw UnscoredReason("its time had passed before its turn came") }
    let (scorer, agent, id) = (scorer, run.agent, run.run)
    let evaluation: QualityEvaluation?
    do {
      evaluation = try await recorder.time.within(left) {
        try await scorer.evaluate(output(), of: agent, run: id)
      }
    } catch {
      throw UnscoredReason(error)
    }
    guard let evaluation else { throw UnscoredReason("it was not scored in time") }
    guard evaluation.hasUsableScore else {
      throw UnscoredReason(UnusableScore(score: evaluation.score))
    }
    return evaluation
  }

  func recordUnscored(_ run: PendingRun, _ reason: UnscoredReason) {
    logger.warning(
      "run unscored",
      metadata: ["agent": "\(run.agent)", "run": "\(run.run)", "reason": "\(reason.text)"])
    recorder.submit(
      .execution(of: run.agent, score: nil, detail: ["error": .string(reason.text)], run: run.run))
  }

  private func adapt(_ run: PendingRun, _ evaluation: QualityEvaluation) async {
    guard let adapt = run.adapt else { return }
    let done: Void?
    do {
      done = try await recorder.time.within(options.scoringLimit) { try await adapt(evaluation) }
    } catch {
      return logger.warning(
        "the agent did not adapt",
        metadata: ["agent": "\(run.agent)", "error": "\(type(of: error))"])
    }
    if done == nil {
      logger.warning("the agent did not adapt in time", metadata: ["agent": "\(run.agent)"])
    }
  }
}
