import ConfigurationFiles
import Following

extension EvidenceQueries {
  /// Asks a question for an answer of the API.
  ///
  /// - Parameter parameters: the parameters to name in a problem.
  func answer<Answer: Sendable>(
    _ parameters: EvidenceParameters? = nil,
    _ question: (EvidenceQueries) async throws(Failure) -> Answer
  ) async throws(APIProblem) -> Answer {
    do throws(Failure) {
      return try await question(self)
    } catch {
      let filter = (parameters?.filterPairs ?? []).map { "\($0.name)=\(abridged($0.value))" }
      let words = "The rows can't be read now: \(error.words)."
      throw .unavailable(
        filter.isEmpty ? words : words + " The filter was \(filter.joined(separator: ", ")).")
    }
  }
}
