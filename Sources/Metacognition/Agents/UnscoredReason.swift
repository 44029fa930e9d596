/// The reason why a run has no score, as written into evidence. Of a foreign error it has the type
/// and not the text, which may hold secrets.
struct UnscoredReason: Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  init(_ error: any Error) {
    switch error {
    case let error as HelixQSRError: text = error.description
    case is UnusableScore: text = "the score is not a number from 0 to 1"
    case is CancellationError: text = "scoring was cancelled"
    default: text = "scoring failed with \(type(of: error))"
    }
  }

  /// The reason for a run in which the agent itself failed.
  static func agent(_ error: any Error) -> UnscoredReason {
    UnscoredReason(
      error is CancellationError
        ? "the agent was cancelled" : "the agent failed with \(type(of: error))")
  }
}
