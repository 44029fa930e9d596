import Synchronization

/// Wakes the one that follows a store.
///
/// Wakes that come while it is awake are remembered as one; whether a file event was among them is
/// kept, since only that one is worth several looks.
final class WakeUp: Sendable {
  enum Reason: Sendable {
    /// Something happened to the store's files. What it announces may not be visible yet.
    case fileEvent
    /// Time to look again for what a file event has announced.
    case lookAgain
    /// Time to have a look, whatever happened.
    case poll
  }

  /// Ends when ``finish()`` is called. To be iterated once.
  let wakes: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation
  private let sawFileEvent = Mutex(false)

  init() {
    (wakes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func wake(_ reason: Reason) {
    if reason == .fileEvent { sawFileEvent.withLock { $0 = true } }
    continuation.yield()
  }

  /// Whether there was a file event since this was last asked, or else a mere wait that has ended.
  func takeReason() -> Reason {
    sawFileEvent.withLock { saw in
      defer { saw = false }
      return saw ? .fileEvent : .poll
    }
  }

  func finish() { continuation.finish() }
}
