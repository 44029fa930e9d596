import ConfigurationFiles
import Following
import ReflexiveCore

/// The parameters that select rows of evidence, on a page or in the API.
struct EvidenceParameters: Sendable {
  static let filterNames: Set<String> = [
    "event", "agent", "gate", "subject", "score_min", "score_max", "consistency_min",
    "consistency_max", "rmm_min", "rmm_max", "since", "until", "rejected",
  ]
  static let pagingNames: Set<String> = ["before", "after", "limit"]

  /// The default number of rows of a page.
  static let standardLimit = 50
  static let limits = 1...1000

  var filter = EvidenceFilter()
  var request: PageRequest
  /// The parameters of the filter, as given.
  var filterPairs: [(name: String, value: String)]

  /// - Parameter now: the end of a duration, if `until` is not given.
  init(_ parameters: QueryParameters, now: UnixTime) throws(QueryParameters.Problem) {
    request = PageRequest(
      before: try Self.id(parameters, "before"), after: try Self.id(parameters, "after"),
      limit: try Self.limit(parameters))
    filterPairs = parameters.pairs.filter {
      Self.filterNames.contains($0.name) && !$0.value.isEmpty
    }
    filter.event = parameters["event"].map { LabelValue($0) }
    filter.agent = parameters["agent"].map { LabelValue($0) }
    filter.gate = parameters["gate"].map { LabelValue($0) }
    filter.subject = parameters["subject"].map { LabelValue($0) }
    filter.score = try Self.range(parameters, "score")
    filter.consistency = try Self.range(parameters, "consistency")
    filter.maturity = try Self.range(parameters, "rmm")
    filter.until = try Self.time(parameters, "until")
    filter.since = try Self.since(parameters, until: filter.until ?? now)
    filter.rejected = try Self.rejected(parameters)
  }

  private static func id(
    _ parameters: QueryParameters, _ name: String
  ) throws(QueryParameters.Problem) -> Int64? {
    guard let text = parameters[name] else { return nil }
    guard let id = Int64(text) else {
      throw QueryParameters.Problem(
        parameter: name, value: text, reason: "expected the id of a row, a whole number")
    }
    return id
  }

  private static func limit(_ parameters: QueryParameters) throws(QueryParameters.Problem) -> Int {
    guard let text = parameters["limit"] else { return standardLimit }
    guard let limit = Int(text), limits.contains(limit) else {
      throw QueryParameters.Problem(
        parameter: "limit", value: text, reason: "expected a whole number from 1 to 1000")
    }
    return limit
  }

  private static func range(
    _ parameters: QueryParameters, _ name: String
  ) throws(QueryParameters.Problem) -> ScoreRange? {
    let lower = try number(parameters, name + "_min")
    let upper = try number(parameters, name + "_max")
    return lower == nil && upper == nil ? nil : ScoreRange(lower: lower, upper: upper)
  }

  private static func number(
    _ parameters: QueryParameters, _ name: String
  ) throws(QueryParameters.Problem) -> Double? {
    guard let text = parameters[name] else { return nil }
    guard let number = NumberText.decimal(text) else {
      throw QueryParameters.Problem(
        parameter: name, value: text, reason: "expected a decimal number, such as 0.75")
    }
    return number
  }

  private static let timeReason =
    "expected a time as 2026-11-25T08:00:00Z (RFC 3339) or Unix seconds"

  private static func time(
    _ parameters: QueryParameters, _ name: String
  ) throws(QueryParameters.Problem) -> UnixTime? {
    guard let text = parameters[name] else { return nil }
    guard let time = UnixTime(rfc3339OrSeconds: text) else {
      throw QueryParameters.Problem(parameter: name, value: text, reason: timeReason)
    }
    return time
  }

  private static func since(
    _ parameters: QueryParameters, until: UnixTime
  ) throws(QueryParameters.Problem) -> UnixTime? {
    guard let text = parameters["since"] else { return nil }
    if let time = UnixTime(rfc3339OrSeconds: text) { return time }
    guard let duration = duration(text) else {
      throw QueryParameters.Problem(
        parameter: "since", value: text,
        reason: timeReason + ", or a duration as 30m, of a number and one of s m h d w")
    }
    return until.advanced(by: -duration)
  }

  private static let units: [Character: Double] = [
    "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800,
  ]

  private static func duration(_ text: String) -> Double? {
    guard let unit = text.last.flatMap({ units[$0] }) else { return nil }
    let digits = text.dropLast()
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
      let count = NumberText.decimal(String(digits))
    else { return nil }
    return count * unit
  }

  private static func rejected(
    _ parameters: QueryParameters
  ) throws(QueryParameters.Problem) -> EvidenceFilter.Rejected? {
    guard let text = parameters["rejected"] else { return nil }
    if text == "any" { return .any }
    guard let reason = Rejection(rawValue: text) else {
      let reasons = Rejection.allCases.map(\.rawValue).joined(separator: ", ")
      throw QueryParameters.Problem(
        parameter: "rejected", value: text, reason: "expected any or one of \(reasons)")
    }
    return .reason(reason)
  }
}
