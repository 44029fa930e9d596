/// An agent, or an adapter to one.
public protocol Agent<Input, Output, Failure>: Sendable {
  /// The input of a run.
  associatedtype Input: Sendable
  /// The output of a run.
  associatedtype Output: Sendable
  /// The error of a failed run; `Never` for an agent that does not fail.
  associatedtype Failure: Error

  /// The label of the agent's metrics.
  var name: String { get }

  /// Runs the agent once.
  func run(_ input: Input) async throws(Failure) -> Output
}

/// An agent made of a closure.
public struct ClosureAgent<Input: Sendable, Output: Sendable, Failure: Error>: Agent {
  /// The label of the agent's metrics.
  public let name: String
  private let body: @Sendable (Input) async throws(Failure) -> Output

  /// - Parameter body: runs the agent once.
  public init(
    _ name: String, _ body: @escaping @Sendable (Input) async throws(Failure) -> Output
  ) {
    self.name = name
    self.body = body
  }

  /// Runs the agent once.
  public func run(_ input: Input) async throws(Failure) -> Output { try await body(input) }
}

/// When a run is scored.
public enum ScoringTime: Sendable, Hashable {
  /// After the caller has the agent's result.
  case background
  /// Before the caller gets the agent's result, but no longer than this. After that, scoring goes
  /// on in the background.
  case awaited(upTo: Duration)
}
