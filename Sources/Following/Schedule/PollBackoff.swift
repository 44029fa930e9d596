import LinuxSystem

/// How long one store is left alone if nothing tells of it.
struct PollBackoff: Equatable, Sendable {
  /// Where events tell of every write, polls are there for what they cannot tell: that a directory
  /// further up was replaced, or that a commit came long after the write that announced it. The
  /// waits after so many polls in a row that found the store quiet.
  private static let quietWaits: [Duration] = [
    .seconds(1), .seconds(4), .seconds(16), .seconds(60),
  ]

  private var events = FileEvents.partial
  private var quietPolls = 0

  /// Until the next poll. Without any events it is the way to notice a commit.
  var wait: Duration {
    switch events {
    case .absent: .milliseconds(50)
    case .partial: .seconds(1)
    case .complete: Self.quietWaits[min(quietPolls, Self.quietWaits.count - 1)]
    }
  }

  /// Whether a glance at the files is enough, until one says otherwise.
  var isAtRest: Bool { events == .complete && quietPolls > 0 }

  /// Takes in a look at the store.
  ///
  /// - Parameters:
  ///   - isQuiet: it was watched, and then there was nothing new and no event.
  ///   - events: what is told of it.
  mutating func note(isQuiet: Bool, _ events: FileEvents) {
    self.events = events
    quietPolls = isQuiet ? max(quietPolls, 1) : 0
  }

  /// Takes in a glance that found nothing.
  mutating func noteGlance() {
    if isAtRest { quietPolls += 1 }
  }
}
