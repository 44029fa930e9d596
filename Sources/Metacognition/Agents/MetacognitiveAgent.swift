/// An agent whose every run is scored and recorded.
///
/// It has the input, output and error types of the wrapped agent, so it can replace that agent.
/// Results, errors and cancellation are always the agent's own. The wrapper calls the agent and
/// looks at its output. It never touches the model.
///
/// ```swift
/// let agent = MetacognitiveAgent("Summarizer", in: scope) { (text: String) in
///   try await model.summarize(text)
/// }
/// let summary = try await agent.run(text)
/// ```
public struct MetacognitiveAgent<Base: Agent>: Agent {
  private let base: Base
  private let observer: RunObserver<Base.Output>

  /// Wraps an agent.
  ///
  /// - Parameters:
  ///   - scope: the scope that scores and records the runs.
  ///   - scoring: whether callers wait for the score.
  ///   - adapt: called with each score below the scope's limit. Errors that it throws are logged.
  ///   - scored: returns the part of the output to score.
  public init(
    _ base: Base, in scope: MetacognitionScope, scoring: ScoringTime = .background,
    adapt: (@Sendable (QualityEvaluation) async throws -> Void)? = nil,
    scored: @escaping @Sendable (Base.Output) -> any Encodable & Sendable
  ) {
    self.base = base
    observer = RunObserver(
      agent: base.name, scope: scope, scoring: scoring, adapt: adapt, scored: scored)
  }

  /// The label of the agent's metrics.
  public var name: String { base.name }

  var recorder: EvidenceRecorder { observer.scope.recorder }

  /// Runs the agent once. The scope scores and records the run.
  public func run(_ input: Base.Input) async throws(Base.Failure) -> Base.Output {
    let output: Base.Output
    do {
      output = try await base.run(input)
    } catch {
      await observer.failed(error)
      throw error
    }
    await observer.finished(output)
    return output
  }
}

extension MetacognitiveAgent where Base.Output: Encodable {
  /// Wraps an agent whose output is scored as it is.
  public init(
    _ base: Base, in scope: MetacognitionScope, scoring: ScoringTime = .background,
    adapt: (@Sendable (QualityEvaluation) async throws -> Void)? = nil
  ) {
    self.init(base, in: scope, scoring: scoring, adapt: adapt) { $0 }
  }

  /// Wraps a closure as an agent.
  public init<Input, Output, Failure>(
    _ name: String, in scope: MetacognitionScope, scoring: ScoringTime = .background,
    adapt: (@Sendable (QualityEvaluation) async throws -> Void)? = nil,
    body: @escaping @Sendable (Input) async throws(Failure) -> Output
  ) where Base == ClosureAgent<Input, Output, Failure> {
    self.init(ClosureAgent(name, body), in: scope, scoring: scoring, adapt: adapt)
  }
}
