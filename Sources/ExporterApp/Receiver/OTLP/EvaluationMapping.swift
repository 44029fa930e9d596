import ConfigurationFiles
import OpenTelemetryLogs
import ReflexiveCore

/// Turns records of evaluations into payloads of evidence.
///
/// Source: OpenTelemetry semantic conventions for generative AI, event `gen_ai.evaluation.result`.
struct EvaluationMapping: Sendable {
  static let eventName = "gen_ai.evaluation.result"
  private static let execution = "metacognitive_agent_execution"
  private static let prefix = "gen_ai.evaluation."
  private static let nameKey = prefix + "name"
  private static let scoreKey = prefix + "score.value"
  private static let targetKey = prefix + "target"
  private static let explanationKey = prefix + "explanation"
  private static let agentKey = "gen_ai.agent.name"
  private static let serviceKey = "service.name"
  private static let errorKey = "error.type"
  private static let responseKey = "gen_ai.response.id"
  private static let longestExplanation = 4096

  let rules: [ScoreRule]
  /// The divisor of every score of the store.
  let scoreScale: Double

  static let reader = LogsReader(eventName: eventName) { key in
    key.utf8.starts(with: prefix.utf8)
      || [agentKey, serviceKey, errorKey, responseKey].contains { $0.utf8.elementsEqual(key.utf8) }
  }

  /// A payload of evidence, or the reason why there is none.
  enum Result: Hashable, Sendable {
    case payload([UInt8], hasTime: Bool)
    case rejected(PushReason, problem: String)
  }

  func payload(of record: LogRecord, _ resource: [LogAttribute], now: UnixTime) -> Result {
    let attributes = record.attributes
    let name = attributes[Self.nameKey].flatMap(\.nonEmptyText)
    let rule = name.flatMap { name in rules.first { $0.name.utf8.elementsEqual(name.utf8) } }
    let score: Double?
    switch Self.score(attributes) {
    case .failure(let fault): return .rejected(fault.reason, problem: fault.problem)
    case .success(let value): score = value
    }
    let (agent, agentKey) = Self.agent(attributes, resource)
    let nanoseconds = record.time > 0 ? record.time : record.observedTime
    var members = [
      JSON.Member("event", .text(rule?.field == .outputQuality ? Self.execution : Self.eventName))
    ]
    if let agent { members.append(JSON.Member("agent", .text(agent))) }
    if let rule, let score {
      members.append(JSON.Member(rule.field.rawValue, .number(score / rule.scale * scoreScale)))
    }
    if let name { members.append(JSON.Member("evaluation", .text(name))) }
    members.append(
      JSON.Member(
        "timestamp", .text(nanoseconds > 0 ? Self.text(nanoseconds) : now.calendarText)))
    members += Self.identifier("trace_id", record.traceID, count: 16)
    members += Self.identifier("span_id", record.spanID, count: 8)
    var detail = Self.detail(attributes, without: agentKey)
    if rule == nil, let score { detail.append(JSON.Member(Self.scoreKey, .number(score))) }
    if !detail.isEmpty { members.append(JSON.Member("detail", .object(detail))) }
    return .payload(JSON.object(members).bytes, hasTime: nanoseconds > 0)
  }

  private struct Fault: Error {
    var reason: PushReason
    var problem: String
  }

  /// The score; `nil` if there is none, or the evaluation failed.
  private static func score(_ attributes: [LogAttribute]) -> Swift.Result<Double?, Fault> {
    guard let value = attributes[scoreKey], attributes[errorKey] == nil else {
      return .success(nil)
    }
    switch value {
    case .integer(let number): return .success(Double(number))
    case .number(let number) where number.isFinite: return .success(number)
    case .number:
      return .failure(Fault(reason: .nonFinite, problem: "\(scoreKey) is not finite"))
    case .text, .bool, .other:
      return .failure(Fault(reason: .wrongType, problem: "\(scoreKey) is no number"))
    }
  }

  /// The judged agent, and the attribute that names it.
  private static func agent(
    _ attributes: [LogAttribute], _ resource: [LogAttribute]
  ) -> (name: String?, key: String?) {
    for key in [agentKey, targetKey] {
      if let name = attributes[key].flatMap(\.nonEmptyText) { return (name, key) }
    }
    return (resource[serviceKey].flatMap(\.nonEmptyText), nil)
  }

  private static func identifier(
    _ name: String, _ bytes: [UInt8], count: Int
  ) -> [JSON.Member] {
    guard bytes.count == count, bytes.contains(where: { $0 != 0 }) else { return [] }
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return [JSON.Member(name, .text(String(decoding: text, as: UTF8.self)))]
  }

  /// The other attributes of the evaluation. The last of two equal keys counts.
  private static func detail(
    _ attributes: [LogAttribute], without agentKey: String?
  ) -> [JSON.Member] {
    let used = [nameKey, scoreKey, agentKey].compactMap { $0 }
    var members: [JSON.Member] = []
    var seen: Set<LabelValue> = []
    for attribute in attributes.reversed() {
      let key = attribute.key
      guard
        key.utf8.starts(with: prefix.utf8)
          || [errorKey, responseKey].contains(where: { $0.utf8.elementsEqual(key.utf8) }),
        !used.contains(where: { $0.utf8.elementsEqual(key.utf8) }),
        seen.insert(LabelValue(key)).inserted
      else { continue }
      if let value = value(of: attribute) { members.append(JSON.Member(key, value)) }
    }
    return members.reversed()
  }

  /// - Returns: `nil` for lists, maps, bytes, and numbers that JSON cannot hold.
  private static func value(of attribute: LogAttribute) -> JSON? {
    switch attribute.value {
    case .text(let text):
      attribute.key.utf8.elementsEqual(explanationKey.utf8)
        ? .text(prefix(of: text, bytes: longestExplanation)) : .text(text)
    case .bool(let flag): .bool(flag)
    case .integer(let number): .integer(number)
    case .number(let number): number.isFinite ? .number(number) : nil
    case .other: nil
    }
  }

  /// At most `limit` bytes of a text, without a cut inside a scalar.
  private static func prefix(of text: String, bytes limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    let utf8 = text.utf8
    var end = utf8.index(utf8.startIndex, offsetBy: limit)
    while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
    return String(text[..<end])
  }

  /// Nanoseconds since 1970 as `2026-11-25T08:00:00.123456789Z`.
  private static func text(_ nanoseconds: UInt64) -> String {
    let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    let text = UnixTime(seconds: Int64(seconds)).calendarText
    let digits = String(rest)
    // Replaces the six digits and the Z.
    return String(Substring(text.utf8.dropLast(7)))
      + String(repeating: "0", count: 9 - digits.utf8.count) + digits + "Z"
  }
}

extension LogAttribute.Value {
  fileprivate var nonEmptyText: String? {
    if case .text(let text) = self, !text.isEmpty { text } else { nil }
  }
}
