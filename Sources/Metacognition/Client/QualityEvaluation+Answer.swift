import FoundationEssentials

extension QualityEvaluation {
  /// Reads the answer of the QSR service, an object with `quality_score`. `detail` gets all other
  /// members except a usable `consistency` and `confidence`.
  ///
  /// - Throws: the reason, if there is no usable score.
  init(answer: Data) throws(AnswerProblem) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: answer) else {
      throw AnswerProblem("it is not JSON")
    }
    guard case .object(var members) = value else { throw AnswerProblem("it is not a JSON object") }
    guard let given = members.removeValue(forKey: "quality_score") else {
      throw AnswerProblem("it has no quality_score")
    }
    guard let score = Self.score(given) else {
      throw AnswerProblem("its quality_score is not a number from 0 to 1")
    }
    self.score = score
    consistency = members["consistency"].flatMap(Self.score)
    confidence = members["confidence"].flatMap(Self.score)
    if consistency != nil { members["consistency"] = nil }
    if confidence != nil { members["confidence"] = nil }
    detail = members
  }

  /// Accepts a score that rounding has left just outside of its range.
  private static func score(_ value: JSONValue) -> Double? {
    guard let number = value.double, (-1e-9...1.000000001).contains(number) else { return nil }
    return min(max(number, 0), 1) + 0
  }
}

/// The reason why an answer cannot be used.
struct AnswerProblem: Error {
  var description: String

  init(_ description: String) { self.description = description }
}
