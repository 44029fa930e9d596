/// The reason why a row, or a value in it, cannot be used. The raw value is the label value of
/// `reflexive_evidence_rejected_total`.
///
/// A row has at most one reason: the first that holds, in the order of the cases.
package enum Rejection: String, CaseIterable, Hashable, Sendable {
  /// The payload is over the limit.
  case tooLarge = "too_large"
  /// The payload is not one JSON value (RFC 8259, plus `NaN`, `Infinity` and `-Infinity`).
  case invalidJSON = "invalid_json"
  /// The payload is JSON, but not an object.
  case notObject = "not_object"
  /// Neither a column nor the payload has a readable time.
  case badTimestamp = "bad_timestamp"
  /// The time was more than ``futureTolerance`` ahead of the clock when the row was first read.
  case futureTimestamp = "future_timestamp"
  /// A used field has the wrong JSON type.
  case wrongType = "wrong_type"
  /// A used score is `NaN`, infinite or overflows a double.
  case nonFinite = "non_finite"
  /// A used score, after the store's `score_scale`, is outside [0, 1].
  case outOfRange = "out_of_range"

  /// Seconds by which a row's time may be ahead of the clock.
  package static let futureTolerance: Double = 300
}
