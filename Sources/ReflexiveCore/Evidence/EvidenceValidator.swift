/// Checks a payload before it is written. It refuses what the decoder would reject and names the
/// field.
package struct EvidenceValidator: Sendable {
  /// The column values that belong to a valid payload.
  package struct Columns: Hashable, Sendable {
    package var event: String
    /// `nil` if the payload has no time. The row then gets the time of writing.
    package var time: UnixTime?
  }

  /// Why a payload is refused.
  package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    package var rejection: Rejection
    /// Such as `self_assessment.consistency`; `nil` for the payload as a whole.
    package var field: String?
    package var problem: String

    package var description: String { field.map { "\($0): \(problem)" } ?? problem }
  }

  private let scoreScale: Double
  private let payloadLimit: Int

  /// - Parameters:
  ///   - scoreScale: what every score of the store is divided by; finite and above 0.
  ///   - payloadLimit: the largest payload in bytes.
  package init(scoreScale: Double = 1, payloadLimit: Int = 1 << 20) {
    self.scoreScale = scoreScale
    self.payloadLimit = payloadLimit
  }

  package func check(_ payload: [UInt8], now: UnixTime) throws(Fault) -> Columns {
    guard payload.count <= payloadLimit else {
      throw Fault(rejection: .tooLarge, problem: "more than \(payloadLimit) bytes")
    }
    let bytes = payload + [0]
    var fields = Payload()
    switch PayloadScanner.scan(
      bytes.span, ByteRange(offset: 0, count: payload.count), into: &fields)
    {
    case nil: break
    case .notObject: throw Fault(rejection: .notObject, problem: "not a JSON object")
    default: throw Fault(rejection: .invalidJSON, problem: "not one JSON value")
    }
    let event = try event(fields, in: bytes)
    try checkScores(fields, of: event)
    return Columns(event: event, time: try time(fields, in: bytes, now: now))
  }

  private func event(_ fields: Payload, in bytes: [UInt8]) throws(Fault) -> String {
    guard case .string(let range, let isEscaped) = fields.event, range.count > 0 else {
      throw Fault(
        rejection: .wrongType, field: "event", problem: "expected a non-empty string")
    }
    let raw = Array(bytes[range.offset..<range.offset + range.count])
    guard isEscaped else { return String(decoding: raw, as: UTF8.self) }
    var unescaped: [UInt8] = []
    JSONString.unescape(raw.span, upTo: raw.count, into: &unescaped)
    return String(decoding: unescaped, as: UTF8.self)
  }

  private func time(
    _ fields: Payload, in bytes: [UInt8], now: UnixTime
  ) throws(Fault) -> UnixTime? {
    if fields.timestamp == .absent { return nil }
    guard let time = UnixTime(fields.timestamp, in: bytes.span) else {
      throw Fault(
        rejection: .badTimestamp, field: "timestamp",
        problem: "expected Unix seconds or YYYY-MM-DDTHH:MM:SS[.fraction][Z|±HH:MM]")
    }
    guard time.since(now) <= Rejection.futureTolerance else {
      throw Fault(
        rejection: .futureTimestamp, field: "timestamp",
        problem: "more than \(Int(Rejection.futureTolerance)) s ahead of the clock")
    }
    return time
  }

  private func checkScores(_ fields: Payload, of event: String) throws(Fault) {
    let isExecution = LabelValue(event) == .execution
    let isEvaluation = LabelValue(event) == .evaluation
    if isExecution || isEvaluation { try check(fields.quality, "output_quality") }
    if isEvaluation {
      try check(fields.assessment)
      try check(fields.threshold, "current_threshold")
    }
    try check(fields.maturity, "rmm_score")
  }

  private func check(_ assessment: Payload.Assessment) throws(Fault) {
    if assessment.isWrongType {
      throw Fault(rejection: .wrongType, field: "self_assessment", problem: "expected an object")
    }
    try check(assessment.consistency, "self_assessment.consistency")
    try check(assessment.confidence, "self_assessment.confidence")
    if assessment.calibrationNeeded == .wrongType {
      throw Fault(
        rejection: .wrongType, field: "self_assessment.calibration_needed",
        problem: "expected true or false")
    }
  }

  private func check(_ number: Payload.Number, _ field: String) throws(Fault) {
    var validator = ScoreValidator(scale: scoreScale)
    _ = validator.score(number)
    guard let rejection = validator.rejection else { return }
    let range = scoreScale == 1 ? "from 0 to 1" : "that divided by \(scoreScale) is from 0 to 1"
    throw Fault(rejection: rejection, field: field, problem: "expected a number \(range)")
  }
}
