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
    let kind = Evidence.Kind(event: Array(event.utf8).span)
    var evidence = Evidence(id: 0, kind: kind, event: .unknown)
    var validator = ScoreValidator(scale: scoreScale)
    evidence.readScores(of: fields, by: &validator)
    guard let (rejection, field) = validator.fault else { return }
    let range = scoreScale == 1 ? "from 0 to 1" : "that divided by \(scoreScale) is from 0 to 1"
    let expected =
      switch field {
      case .assessment: "an object"
      case .calibrationNeeded: "true or false"
      default: "a number \(range)"
      }
    throw Fault(rejection: rejection, field: field.rawValue, problem: "expected \(expected)")
  }
}
