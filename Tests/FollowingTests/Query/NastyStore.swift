import Foundation
import ReflexiveCore
import TestSupport

@testable import Following

/// A database of rows of every kind, with what each of them is to be listed as: made up beforehand,
/// so that nothing of the exporter decides what is right.
final class NastyStore {
  static let now: Int64 = 1_800_000_000
  static let payloadLimit = 4000

  let store: TemporaryStore
  private(set) var rows: [Expected] = []
  private var inserted: [String] = []
  private var random: SeededGenerator
  private let names: [String]
  private let idStep: Int64
  private var lastID: Int64

  /// A row as it is to be listed.
  struct Expected {
    var id: Int64
    var event: String
    var agent: String?
    var gate: String?
    var subject: String?
    var score: Double?
    var consistency: Double?
    var confidence: Double?
    var calibrationNeeded: Bool?
    var threshold: Double?
    var maturity: Double?
    var rejection: Rejection?
    var time: Double?
  }

  init(seed: UInt64, rows count: Int) throws {
    random = SeededGenerator(seed: seed)
    store = try TemporaryStore(journal: seed % 2 == 0 ? "wal" : "delete")
    var names = ["a", "b", "unknown", "_other", "é", "e\u{301}", "x y", "\"q'", "n\u{0}l", "😀"]
    names += [String(repeating: "L", count: 300), String(repeating: "ü", count: 200)]
    if seed % 5 == 1 { names += (0..<3000).map { "many\($0)" } }
    self.names = names
    idStep = seed % 3 == 0 ? 1 : seed % 3 == 1 ? 7 : 1 << 40
    lastID = seed % 4 == 3 ? -5000 : 0
    // Without types, so that numbers stay what they are.
    try store.execute(
      """
      DROP TABLE evidence;
      CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event, payload, ts)
      """)
    try append(count)
  }

  /// Appends rows, some hundred in one transaction.
  func append(_ count: Int) throws {
    var values: [String] = []
    for index in 0..<count {
      values.append(next())
      guard values.count == 200 || index == count - 1 else { continue }
      let sql =
        "INSERT INTO evidence (id, event, payload, ts) VALUES " + values.joined(separator: ",")
      try store.execute(sql)
      inserted.append(sql)
      values = []
    }
  }

  func delete(where isGone: (Int64) -> Bool) throws {
    let gone = rows.map(\.id).filter(isGone)
    for start in stride(from: 0, to: gone.count, by: 500) {
      let ids = gone[start..<min(start + 500, gone.count)].map(String.init).joined(separator: ",")
      try store.execute("DELETE FROM evidence WHERE id IN (\(ids))")
    }
    rows.removeAll { isGone($0.id) }
  }

  /// Has the content of `other` from now on, in its own file or in the place of it.
  func become(_ other: NastyStore, byReplacing: Bool) throws {
    if byReplacing {
      store.close()
      other.store.close()
      for suffix in ["-wal", "-shm", "-journal"] {
        try? FileManager.default.removeItem(atPath: store.path + suffix)
      }
      guard rename(other.store.path, store.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } else {
      try store.execute("DELETE FROM evidence; DELETE FROM sqlite_sequence")
      for sql in other.inserted { try store.execute(sql) }
    }
    (rows, lastID) = (other.rows, other.lastID)
  }

  /// Takes the file away.
  func hide() throws {
    guard rename(store.path, store.path + ".hidden") == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
  }

  // MARK: - Making up a row

  /// Makes up a row; the result is its SQL.
  private func next() -> String {
    lastID += idStep == 1 && !chance(40) ? 1 : Int64.random(in: 1...idStep * 2, using: &random)
    var row = Expected(id: lastID, event: "")
    let (event, eventSQL) = self.event()
    row.event = event
    let (time, timeSQL, payloadTime) = self.time()
    let payloadSQL: String
    switch Int.random(in: 0..<40, using: &random) {
    case 0: (row.rejection, payloadSQL) = (.invalidJSON, "NULL")
    case 1: (row.rejection, payloadSQL) = (.invalidJSON, text("{\"agent\": "))
    case 2: (row.rejection, payloadSQL) = (.notObject, text("[1]"))
    case 3: (row.rejection, payloadSQL) = (.notObject, "7")
    case 4:
      let long = "{\"agent\": \"\(String(repeating: "z", count: Self.payloadLimit))\"}"
      (row.rejection, payloadSQL) = (.tooLarge, text(long))
    default:
      let payload = fill(&row, payloadTime: payloadTime)
      payloadSQL = chance(30) ? "x'\(hex(payload))'" : text(payload)
    }
    row.time = time
    if payloadTime != nil,
      row.rejection.map({ [.invalidJSON, .notObject, .tooLarge].contains($0) })
        ?? false
    {
      row.time = nil
    }
    rows.append(row)
    return "(\(lastID), \(eventSQL), \(payloadSQL), \(timeSQL))"
  }

  private func event() -> (String, String) {
    switch Int.random(in: 0..<20, using: &random) {
    case 0: ("unknown", "NULL")
    case 1: ("unknown", "x'6e6f7465'")
    case 2: ("unknown", "''")
    case 3: ("unknown", "CAST(x'ff6e' AS TEXT)")
    case 4: ("7", "7")
    case 5: (String(repeating: "E", count: 257), text(String(repeating: "E", count: 257)))
    case 6: ("note", text("note"))
    case 7: ("_other", text("_other"))
    case 8..<13: ("metacognitive_agent_execution", text("metacognitive_agent_execution"))
    default: ("quality_gate_evaluation", text("quality_gate_evaluation"))
    }
  }

  /// The time, the SQL of its column, and what the payload says where the column says nothing.
  private func time() -> (Double?, String, String?) {
    let now = Double(Self.now)
    switch Int.random(in: 0..<24, using: &random) {
    case 0: return (nil, "NULL", nil)
    case 1: return (nil, text("?"), nil)
    case 2: return (1e300, "1e300", nil)
    case 3: return (-1.5, text("-1.5"), nil)
    case 4:
      let time = now + Double(Int.random(in: -2...2000, using: &random))
      return (time, "\(time)", nil)
    case 5:
      let time = now - Double(Int.random(in: 0...100_000, using: &random)) - 0.125
      return (time, "NULL", "\(time)")
    case 6, 7:
      let time = now - Double(Int.random(in: 0...20, using: &random)) * 3600
      return (time, "\(Int64(time))", nil)
    case 8:
      let time = now - Double.random(in: 0...100_000, using: &random)
      return (time, "\(time)", nil)
    default:
      let microseconds = Int64.random(in: 0...90_000_000_000, using: &random)
      let time = UnixTime(
        seconds: Self.now - microseconds / 1_000_000 - 1,
        nanoseconds: (1_000_000 - microseconds % 1_000_000) % 1_000_000 * 1000)
      return (time.seconds, text(time.calendarText), nil)
    }
  }

  /// Fills in what an object says.
  private func fill(_ row: inout Expected, payloadTime: String?) -> String {
    var fields: [String] = []
    if let payloadTime { fields.append("\"timestamp\": \(payloadTime)") }
    let isExecution = row.event == "metacognitive_agent_execution"
    let isEvaluation = row.event == "quality_gate_evaluation"
    let (agent, gate) = (name("agent", &fields), name("gate", &fields))
    if isExecution { row.agent = agent ?? "unknown" }
    if isEvaluation { row.gate = gate ?? "unknown" }
    var flaws: [Rejection] = []
    let quality = score("output_quality", &fields, &flaws, isUsed: isExecution || isEvaluation)
    if isExecution || isEvaluation { row.score = quality }
    let threshold = score("current_threshold", &fields, &flaws, isUsed: isEvaluation)
    if isEvaluation { row.threshold = threshold }
    row.maturity = score("rmm_score", &fields, &flaws, isUsed: true)
    if row.maturity != nil { row.subject = agent ?? gate ?? row.event }
    if isEvaluation, !chance(5) {
      var inner: [String] = []
      row.consistency = score("consistency", &inner, &flaws, isUsed: true)
      row.confidence = score("confidence", &inner, &flaws, isUsed: true)
      if !chance(3) {
        row.calibrationNeeded = chance(2)
        inner.append("\"calibration_needed\": \(row.calibrationNeeded == true)")
      }
      fields.append("\"self_assessment\": {\(inner.joined(separator: ", "))}")
    }
    row.rejection = Rejection.allCases.first { flaws.contains($0) }
    return "{" + fields.joined(separator: ", ") + "}"
  }

  private func name(_ key: String, _ fields: inout [String]) -> String? {
    if chance(6) { return nil }
    let name = names.randomElement(using: &random) ?? "a"
    let escaped = name.unicodeScalars.map { scalar in
      scalar == "\"" || scalar.value < 32 || chance(20)
        ? scalar.utf16Escape : String(scalar)
    }.joined()
    fields.append("\"\(key)\": \"\(escaped)\"")
    return name
  }

  private func score(
    _ key: String, _ fields: inout [String], _ flaws: inout [Rejection], isUsed: Bool
  ) -> Double? {
    switch Int.random(in: 0..<30, using: &random) {
    case 0..<6: return nil
    case 6:
      fields.append("\"\(key)\": \"0.5\"")
      if isUsed { flaws.append(.wrongType) }
      return nil
    case 7:
      fields.append("\"\(key)\": NaN")
      if isUsed { flaws.append(.nonFinite) }
      return nil
    case 8:
      fields.append("\"\(key)\": 1.5")
      if isUsed { flaws.append(.outOfRange) }
      return nil
    case 9..<12:
      let score = Double.random(in: 0...1, using: &random)
      fields.append("\"\(key)\": \(score)")
      return score
    default:
      let score = Double(Int.random(in: 0...100, using: &random)) / 100
      fields.append("\"\(key)\": \(score)")
      return score
    }
  }

  private func chance(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &random) == 0 }

  private func text(_ text: String) -> String { "CAST(x'\(hex(text))' AS TEXT)" }

  private func hex(_ text: String) -> String {
    text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

extension Unicode.Scalar {
  fileprivate var utf16Escape: String {
    UTF16.encode(self).map { units in
      units.map { unit in
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }.joined()
    } ?? ""
  }
}

extension NastyStore.Expected {
  /// The rejection at `now`: a time that is missing or ahead comes before what is wrong with scores.
  func rejection(at now: Double) -> Rejection? {
    if let rejection, [.tooLarge, .invalidJSON, .notObject].contains(rejection) {
      return rejection
    }
    guard let time else { return .badTimestamp }
    return time - now > 300 ? .futureTimestamp : rejection
  }

  func matches(_ filter: EvidenceFilter, at now: Double) -> Bool {
    func equal(_ wanted: LabelValue?, _ name: String?) -> Bool {
      wanted.map { wanted in name.map { LabelValue($0) == wanted } ?? false } ?? true
    }
    func isIn(_ range: ScoreRange?, _ score: Double?) -> Bool {
      guard let range else { return true }
      guard let score else { return false }
      return score >= range.lower ?? -.infinity && score <= range.upper ?? .infinity
    }
    let rejection = rejection(at: now)
    let isRejected: Bool =
      switch filter.rejected {
      case nil: true
      case .any: rejection != nil
      case .reason(let reason): rejection == reason
      }
    if filter.since != nil || filter.until != nil {
      guard let time, time > filter.since?.seconds ?? -.infinity,
        time <= filter.until?.seconds ?? .infinity
      else { return false }
    }
    return isRejected && equal(filter.event, event) && equal(filter.agent, agent)
      && equal(filter.gate, gate) && equal(filter.subject, subject) && isIn(filter.score, score)
      && isIn(filter.consistency, consistency) && isIn(filter.maturity, maturity)
  }

  func isListed(as row: ListedEvidence, at now: Double) -> Bool {
    func equal(_ label: LabelValue?, _ name: String?) -> Bool {
      label == name.map { LabelValue($0) }
    }
    return row.id == id && row.event == LabelValue(event) && equal(row.agent, agent)
      && equal(row.gate, gate) && equal(row.subject, subject) && row.score == score
      && row.consistency == consistency && row.confidence == confidence
      && row.calibrationNeeded == calibrationNeeded && row.threshold == threshold
      && row.maturity == maturity && row.rejection == rejection(at: now)
      && row.time?.seconds == time
  }
}
