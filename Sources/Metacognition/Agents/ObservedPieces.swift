import Synchronization

/// The pieces of an answer, as the agent yields them.
public struct ObservedPieces<Base: AsyncSequence>: AsyncSequence
where Base.Element: Sendable {
  /// The agent's own element type.
  public typealias Element = Base.Element
  /// The agent's own error type.
  public typealias Failure = Base.Failure

  private let base: Base
  private let observation: StreamObservation<Base.Element>

  init(_ base: Base, _ observation: StreamObservation<Base.Element>) {
    self.base = base
    self.observation = observation
  }

  /// Starts to read. The first reader that reaches the end ends the run.
  public func makeAsyncIterator() -> Iterator {
    Iterator(base: base.makeAsyncIterator(), observation: observation)
  }

  /// Reads the answer piece by piece.
  public struct Iterator: AsyncIteratorProtocol {
    /// The agent's own element type.
    public typealias Element = Base.Element
    /// The agent's own error type.
    public typealias Failure = Base.Failure

    fileprivate var base: Base.AsyncIterator
    fileprivate let observation: StreamObservation<Base.Element>
    private var pieces: [Base.Element] = []

    fileprivate init(base: Base.AsyncIterator, observation: StreamObservation<Base.Element>) {
      self.base = base
      self.observation = observation
    }

    /// Returns the next piece.
    public mutating func next() async throws(Failure) -> Element? {
      try await next(isolation: nil)
    }

    /// Returns the next piece.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(Failure) -> Element? {
      let piece: Element?
      do {
        piece = try await base.next(isolation: actor)
      } catch {
        await observation.failed(error)
        throw error
      }
      guard let piece else {
        await observation.ended(with: pieces)
        return nil
      }
      // One piece over the limit shows that the answer is too long.
      if pieces.count <= observation.longest { pieces.append(piece) }
      return piece
    }
  }
}

/// One run of a streaming agent. It is recorded once: at its first end, or when it is released.
final class StreamObservation<Element: Sendable>: Sendable {
  let longest: Int
  private let observer: RunObserver<[Element]>
  private let hasEnded = Mutex(false)

  init(_ observer: RunObserver<[Element]>, longest: Int) {
    self.observer = observer
    self.longest = longest
  }

  deinit {
    if isFirstEnd() { observer.abandoned() }
  }

  func ended(with pieces: [Element]) async {
    guard isFirstEnd() else { return }
    if Task.isCancelled {
      // Many sequences end without an error when their reader is cancelled.
      await observer.failed(CancellationError())
    } else if pieces.count > longest {
      await observer.failed(StreamTooLong())
    } else {
      await observer.finished(pieces)
    }
  }

  func failed(_ error: any Error) async {
    if isFirstEnd() { await observer.failed(error) }
  }

  private func isFirstEnd() -> Bool {
    hasEnded.withLock { hasEnded in
      defer { hasEnded = true }
      return !hasEnded
    }
  }
}

/// The answer has more pieces than the limit.
struct StreamTooLong: Error {}
