/// Why a row of evidence was not written, or is not known to be.
public enum EvidenceRecorderError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The database cannot be made, opened or written; the text is SQLite's.
  case failed(String)
  /// The row itself cannot be written.
  case refused(String)
  /// The run has a row already.
  case duplicate(RunID)
  /// More rows are waiting than the recorder holds.
  case full(waiting: Int)
  /// The task was cancelled while it waited; the row is still written.
  case cancelled

  /// One line for people.
  public var description: String {
    switch self {
    case .failed(let text), .refused(let text): text
    case .duplicate(let run): "run \(run) has a row already"
    case .full(let waiting): "\(waiting) rows are waiting to be written"
    case .cancelled: "the task was cancelled before the row was known to be written"
    }
  }
}
