/// What a page says about the store `evidence`.
extension Page {
  var isUp: Bool { self[#"reflexive_store_up{store="evidence"}"#] == 1 }

  func executions(_ agent: String) -> Double? {
    self[#"reflexive_agent_executions_total{store="evidence",agent="\#(agent)"}"#]
  }

  /// All rows that were counted.
  var rows: Double { sum("reflexive_evidence_rows_total") }

  /// How often it was read anew, for whatever reason.
  var resets: Double { sum("reflexive_store_resets_total") }

  func resets(_ reason: String) -> Double? {
    self[#"reflexive_store_resets_total{store="evidence",reason="\#(reason)"}"#]
  }

  func readErrors(_ kind: String) -> Double {
    self[#"reflexive_store_read_errors_total{store="evidence",kind="\#(kind)"}"#] ?? 0
  }

  func rejected(_ reason: String) -> Double? {
    self[#"reflexive_evidence_rejected_total{store="evidence",reason="\#(reason)"}"#]
  }

  /// The value of a label of `reflexive_store_info`.
  func info(_ label: String) -> Substring? {
    let info = samples.keys.first { $0.hasPrefix(#"reflexive_store_info{store="evidence""#) }
    guard let start = info?.firstRange(of: label + "=\"")?.upperBound else { return nil }
    return info?[start...].prefix { $0 != "\"" }
  }

  func sum(_ family: String) -> Double {
    samples.filter { $0.key.hasPrefix(family + "{") }.values.reduce(0, +)
  }

  func series(_ family: String) -> Int { samples.keys.count { $0.hasPrefix(family + "{") } }
}
