/// An agent, or an adapter to one.
public protocol Agent<Input, Output, Failure>: Sendable {
  /// What it is asked.
  associatedtype Input: Sendable
  /// What it answers.
  associatedtype Output: Sendable
  /// How it fails; `Never` for one that does not.
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
  /// Before the caller gets the agent's result, up to this long. Scoring goes on in the background
  /// after that.
  case awaited(upTo: Duration)
}
