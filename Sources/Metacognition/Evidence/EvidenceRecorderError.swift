/// The reason why a row of evidence was not written, or is not known to be.
public enum EvidenceRecorderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The database cannot be created, opened or written. The text is SQLite's.
  case failed(String)
  /// The row itself cannot be written.
  case refused(String)
  /// The run has a row already.
  case duplicate(RunID)
  /// More rows are waiting than the recorder holds.
  case full(waiting: Int)
  /// The task was cancelled while it waited. The row is still written.
  case cancelled

  /// A description in one line.
  public var description: String {
    switch self {
    case .failed(let text), .refused(let text): text
    case .duplicate(let run): "run \(run) has a row already"
    case .full(let waiting): "\(waiting) rows are waiting to be written"
    case .cancelled: "the task was cancelled before the row was known to be written"
    }
  }
}
