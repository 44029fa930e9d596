/// An agent that answers piece by piece.
public protocol StreamingAgent<Input, Pieces, Failure>: Sendable {
  /// The input of a run.
  associatedtype Input: Sendable
  /// The answer, as a sequence of pieces.
  associatedtype Pieces: AsyncSequence where Pieces.Element: Sendable
  /// The error of a run that fails before the first piece. Later errors come from the sequence.
  associatedtype Failure: Error

  /// The label of the agent's metrics.
  var name: String { get }

  /// Starts an answer.
  func run(_ input: Input) async throws(Failure) -> Pieces
}

/// A streaming agent whose every run is scored and recorded once its answer has been read.
///
/// It passes on each piece at once, with the same types of elements and errors. An answer that
/// fails, is cancelled or is not read to its end is recorded without a score.
public struct MetacognitiveStreamingAgent<Base: StreamingAgent>: Sendable {
  private let base: Base
  private let observer: RunObserver<[Base.Pieces.Element]>
  private let longest: Int

  /// Wraps a streaming agent.
  ///
  /// - Parameters:
  ///   - scope: the scope that scores and records the runs.
  ///   - scoring: whether the end of the sequence waits for the score.
  ///   - longest: the most pieces of a scored answer, which bounds the memory.
  ///   - adapt: called with each score below the scope's limit. Errors that it throws are logged.
  ///   - scored: returns the part of the pieces to score.
  public init(
    _ base: Base, in scope: MetacognitionScope, scoring: ScoringTime = .background,
    longest: Int = 100_000, adapt: (@Sendable (QualityEvaluation) async throws -> Void)? = nil,
    scored: @escaping @Sendable ([Base.Pieces.Element]) -> any Encodable & Sendable
  ) {
    self.base = base
    self.longest = longest
    observer = RunObserver(
      agent: base.name, scope: scope, scoring: scoring, adapt: adapt, scored: scored)
  }

  /// The label of the agent's metrics.
  public var name: String { base.name }

  /// Starts an answer.
  public func run(_ input: Base.Input) async throws(Base.Failure) -> ObservedPieces<Base.Pieces> {
    do {
      let pieces = try await base.run(input)
      return ObservedPieces(pieces, StreamObservation(observer, longest: longest))
    } catch {
      await observer.failed(error)
      throw error
    }
  }
}

extension MetacognitiveStreamingAgent where Base.Pieces.Element == String {
  /// Wraps an agent whose pieces form one text.
  public init(
    _ base: Base, in scope: MetacognitionScope, scoring: ScoringTime = .background,
    adapt: (@Sendable (QualityEvaluation) async throws -> Void)? = nil
  ) {
    self.init(base, in: scope, scoring: scoring, adapt: adapt) { $0.joined() }
  }
}
