/// Checks a payload before it is written. It refuses what the decoder would reject and names the
/// field.
package struct EvidenceValidator: Sendable {
  /// The column values that belong to a valid payload.
  package struct Columns: Hashable, Sendable {
    package var event: String
    /// `nil` if the payload has no time. The row then gets the time of writing.
    package var time: UnixTime?
  }

  /// Like ``Columns``, but the event is a range of the buffer that holds the payload.
  package struct Found: Hashable, Sendable {
    /// The text between the quotes.
    package var event: ByteRange
    package var isEventEscaped: Bool
    package var time: UnixTime?
  }

  /// Why a payload is refused.
  package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
    package var rejection: Rejection
    /// The path of the field, such as `self_assessment.consistency`; `nil` if the whole payload is
    /// at fault.
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
    try checkLength(payload.count)
    let bytes = payload + [0]
    let found = try check(bytes.span, ByteRange(offset: 0, count: payload.count), now: now)
    return Columns(
      event: String(decoding: Self.event(of: found, in: bytes.span), as: UTF8.self),
      time: found.time)
  }

  /// Checks the payload at `range` of `bytes`, which has a NUL after it.
  package func check(
    _ bytes: Span<UInt8>, _ range: ByteRange, now: UnixTime
  ) throws(Fault) -> Found {
    try checkLength(range.count)
    var fields = Payload()
    switch PayloadScanner.scan(bytes, range, into: &fields) {
    case nil: break
    case .notObject: throw Fault(rejection: .notObject, problem: "not a JSON object")
    default: throw Fault(rejection: .invalidJSON, problem: "not one JSON value")
    }
    guard case .string(let event, let isEscaped) = fields.event, event.count > 0 else {
      throw Fault(
        rejection: .wrongType, field: Self.eventField, problem: "expected a non-empty string")
    }
    var found = Found(event: event, isEventEscaped: isEscaped)
    try checkScores(fields, ofKind: Self.kind(of: found, in: bytes))
    found.time = try time(fields, in: bytes, now: now)
    return found
  }

  /// The name of the field that holds the event.
  package static let eventField = "event"

  /// The text of an event, without escapes.
  package static func event(of found: Found, in bytes: Span<UInt8>) -> [UInt8] {
    let raw = bytes.extracting(found.event.indices(in: bytes))
    var text: [UInt8] = []
    JSONString.unescape(raw, upTo: .max, into: &text)
    return text
  }

  private static func kind(of found: Found, in bytes: Span<UInt8>) -> Evidence.Kind {
    guard found.isEventEscaped else {
      return Evidence.Kind(event: bytes.extracting(found.event.indices(in: bytes)))
    }
    return Evidence.Kind(event: event(of: found, in: bytes).span)
  }

  private func checkLength(_ count: Int) throws(Fault) {
    guard count <= payloadLimit else {
      throw Fault(rejection: .tooLarge, problem: "more than \(payloadLimit) bytes")
    }
  }

  private func time(
    _ fields: Payload, in bytes: Span<UInt8>, now: UnixTime
  ) throws(Fault) -> UnixTime? {
    if fields.timestamp == .absent { return nil }
    guard let time = UnixTime(fields.timestamp, in: bytes) else {
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

  private func checkScores(_ fields: Payload, ofKind kind: Evidence.Kind) throws(Fault) {
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
