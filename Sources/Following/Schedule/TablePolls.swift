import LinuxSystem
import NIOPosix

/// Follows stores without file events, each on a thread of its own, so that a server that does not
/// answer holds up no other store. One caller at a time.
struct TablePolls {
  private struct Poll {
    let store: FollowedStore
    /// Ends the thread between two turns, and the waits of a turn.
    let threads: NIOThreadPool
    let end: StopSignal
  }

  private var polls: [ObjectIdentifier: Poll] = [:]

  /// Follows these stores and no others.
  mutating func follow(_ stores: [FollowedStore]) {
    let wanted = Set(stores.map(ObjectIdentifier.init))
    for (id, poll) in polls where !wanted.contains(id) {
      poll.end.raise()
      polls[id] = nil
    }
    for store in stores where polls[ObjectIdentifier(store)] == nil {
      guard let end = store.stop else { continue }
      polls[ObjectIdentifier(store)] = Self.start(store, until: end)
    }
  }

  private static func start(_ store: FollowedStore, until end: StopSignal) -> Poll {
    let poll = Poll(store: store, threads: NIOThreadPool(numberOfThreads: 1), end: end)
    poll.threads.start()
    poll.threads.submit { state in
      if state == .active { run(store, until: poll.end) }
    }
    return poll
  }

  private static func run(_ store: FollowedStore, until end: StopSignal) {
    var delay = PollDelay(interval: store.pollInterval)
    var wait = Duration.zero
    while !end.wait(atMost: wait, or: store.answerDescriptor) {
      wait = delay.next(after: store.tick()) { .random(in: 0...1) }
    }
  }

  /// Ends all turns. This takes milliseconds, except for a turn that looks up the name of a host.
  func stop() {
    for poll in polls.values { poll.end.raise() }
    for poll in polls.values { poll.threads.shutdownGracefully { _ in } }
  }
}
