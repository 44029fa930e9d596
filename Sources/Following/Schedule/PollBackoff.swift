import LinuxSystem

/// How long one store is left alone if nothing tells of it.
struct PollBackoff: Equatable, Sendable {
  /// What the last look at the store found.
  enum Finding: Sendable {
    /// Something new, or something that may be new any moment.
    case busy
    /// It was watched, and then there was nothing new and no event.
    case quiet
    /// No file is there. Nothing is to be read before one is.
    case missing
    /// It cannot be read, and will not be before somebody does something about it.
    case failed
  }

  /// Where events tell of every write, polls are there for what they cannot tell: that a directory
  /// further up was replaced, or that a commit came long after the write that announced it. The
  /// waits after so many polls in a row that found the store quiet.
  private static let quietWaits: [Duration] = [.seconds(4), .seconds(16), .seconds(60)]
  /// No event tells of a directory that appears, or of a file system that is mounted.
  private static let missingWait: Duration = .seconds(3)
  /// After so many glances at a missing store it is tried in earnest, so that the count of its read
  /// errors goes on rising.
  private static let missingGlances = 19

  private var events = FileEvents.partial
  private var finding = Finding.busy
  private var glances = 0

  /// Until the next poll. Without any events it is the way to notice a commit.
  var wait: Duration {
    switch (finding, events) {
    case (.missing, _): Self.missingWait
    case (.quiet, .complete): Self.quietWaits[min(glances, Self.quietWaits.count - 1)]
    case (.busy, .absent), (.quiet, .absent): .milliseconds(50)
    case (.busy, _), (.quiet, .partial), (.failed, _): .seconds(1)
    }
  }

  /// Whether a glance at the files is enough, until one says otherwise.
  var isAtRest: Bool {
    switch finding {
    case .missing: glances < Self.missingGlances
    case .quiet: events == .complete
    case .busy, .failed: false
    }
  }

  /// Takes in a look at the store.
  ///
  /// - Parameter events: what is told of it.
  mutating func note(_ finding: Finding, _ events: FileEvents) {
    if finding != .quiet || self.finding != .quiet { glances = 0 }
    self.finding = finding
    self.events = events
  }

  /// Takes in a glance that found nothing.
  mutating func noteGlance() {
    if isAtRest { glances += 1 }
  }
}
