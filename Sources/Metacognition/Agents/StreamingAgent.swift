/// An agent that answers piece by piece.
public protocol StreamingAgent<Input, Pieces, Failure>: Sendable {
  /// What it is asked.
  associatedtype Input: Sendable
  /// Its answer.
  associatedtype Pieces: AsyncSequence where Pieces.Element: Sendable
  /// How it fails before the first piece. Later failures come from the sequence.
  associatedtype Failure: Error

  /// The label of the agent's metrics.
  var name: String { get }

  /// Begins an answer.
  func run(_ input: Input) async throws(Failure) -> Pieces
}

/// A streaming agent whose every run is scored and recorded once its answer was read.
///
/// It passes each piece on at once, with the same types of elements and errors. An answer that fails,
/// is cancelled or is not read to its end is recorded without a score.
public struct MetacognitiveStreamingAgent<Base: StreamingAgent>: Sendable {
  private let base: Base
  private let observer: RunObserver<[Base.Pieces.Element]>
  private let longest: Int

  /// Wraps a streaming agent.
  ///
  /// - Parameters:
  ///   - scope: what scores and records its runs.
  ///   - scoring: whether the end of the sequence waits for the score.
  ///   - longest: an answer of more pieces is not scored, so that memory has a bound.
  ///   - adapt: called with each score below the scope's limit. What it throws is in the log.
  ///   - scored: what of all pieces is scored.
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

  /// Begins an answer.
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
  /// Wraps an agent whose pieces are one text.
  public init(
    _ base: Base, in scope: MetacognitionScope, scoring: ScoringTime = .background,
    adapt: (@Sendable (QualityEvaluation) async throws -> Void)? = nil
  ) {
    self.init(base, in: scope, scoring: scoring, adapt: adapt) { $0.joined() }
  }
}
