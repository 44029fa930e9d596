import Synchronization

/// Wakes the one that follows a store.
///
/// Wakes that come while it is awake are remembered as one, with the reasons of all.
final class WakeUp: Sendable {
  struct Reasons: OptionSet, Sendable {
    let rawValue: UInt8

    /// Something happened to the store's files. What it announces may not be visible yet.
    static let fileEvent = Reasons(rawValue: 1)
    /// Time to look again for what a file event has announced.
    static let lookAgain = Reasons(rawValue: 2)
    /// Time to have a look, whatever happened.
    static let poll = Reasons(rawValue: 4)
  }

  /// Ends when ``finish()`` is called. To be iterated once.
  let wakes: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let reasons = Mutex<Reasons>([])

  init() {
    (wakes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func wake(_ reason: Reasons) {
    reasons.withLock { $0.formUnion(reason) }
    continuation.yield()
  }

  /// Why it was woken since this was last asked.
  func takeReasons() -> Reasons {
    reasons.withLock { reasons in
      defer { reasons = [] }
      return reasons
    }
  }

  func finish() { continuation.finish() }
}
