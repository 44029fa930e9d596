extension MetacognitiveAgent {
  /// Judges whether the executions in this agent's database say what each run was worth.
  ///
  /// It judges what is recorded. Call it after the scope of the agent has ended, or score with
  /// ``ScoringTime/awaited(upTo:)``.
  public func validateArchitecturalMetacognition(
    _ objective: ClarityObjective = .init()
  ) async throws(EvidenceRecorderError) -> ClarityVerdict {
    try await recorder.validateArchitecturalMetacognition(objective)
  }

  /// Judges whether the evaluations in this agent's database say how each decision came about, and
  /// whether gates calibrated themselves where they had to.
  public func validateProceduralMetacognition(
    _ objective: ClarityObjective = .init()
  ) async throws(EvidenceRecorderError) -> ClarityVerdict {
    try await recorder.validateProceduralMetacognition(objective)
  }
}
