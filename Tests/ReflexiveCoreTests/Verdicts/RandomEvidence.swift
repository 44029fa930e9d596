import ReflexiveCore
import TestSupport

/// A row as a test makes it up: its names are strings.
struct InventedRow {
  enum Kind { case execution, evaluation, note }

  var id: Int64
  var kind: Kind
  /// As written: empty is none.
  var name: String
  var time: Double?
  var quality: Double?
  var consistency: Double?
  var confidence: Double?
  var calibrationNeeded: Bool?
  var threshold: Double?
  var maturity: Double?
  /// Beside what its time is rejected for.
  var flaw: Rejection?

  /// The reason at `now`.
  func rejection(at now: Double) -> Rejection? {
    guard let time else { return .badTimestamp }
    return time - now > 300 ? .futureTimestamp : flaw
  }
}

extension StoreIndicators {
  /// Applies the rows as if each had been decoded at `now`.
  mutating func apply(_ rows: [InventedRow], at now: UnixTime) {
    var batch = EvidenceBatch()
    func name(_ text: String) -> Name {
      if text.isEmpty { return .unknown }
      if text.utf8.count > 256 { return .tooLong(digest: Name.digest(of: Array(text.utf8).span)) }
      batch.bytes += text.utf8
      let count = text.utf8.count
      return .bytes(ByteRange(offset: batch.bytes.count - count, count: count))
    }
    batch.evidence = rows.map { row in
      let (kind, event): (Evidence.Kind, String) =
        switch row.kind {
        case .execution: (.execution, "metacognitive_agent_execution")
        case .evaluation: (.evaluation, "quality_gate_evaluation")
        case .note: (.other, "note")
        }
      var evidence = Evidence(id: row.id, kind: kind, event: name(event))
      evidence.time = row.time.flatMap { UnixTime(seconds: $0) }
      if row.kind == .execution { evidence.agent = name(row.name) }
      if row.kind == .evaluation { evidence.gate = name(row.name) }
      evidence.quality = row.quality
      evidence.consistency = row.consistency
      evidence.confidence = row.confidence
      evidence.calibrationNeeded = row.calibrationNeeded
      evidence.threshold = row.threshold
      evidence.maturity = row.maturity
      evidence.subject = row.name.isEmpty ? evidence.event : name(row.name)
      evidence.rejection = row.rejection(at: now.seconds)
      if evidence.rejection == .futureTimestamp { evidence.rejectionWhenDue = row.flaw }
      return evidence
    }
    apply(batch, at: now)
  }
}

/// Rows of every kind in which anything may be missing, the same for the same seed.
struct RandomEvidence {
  /// Times are so far apart, and the edges of windows halfway between them.
  static let step: Double = 60

  /// Some rows have no readable time.
  var leavesOutTimes = true

  private var random: SeededGenerator
  private let now: Double
  private let names: [String]

  init(seed: UInt64, now: Double) {
    random = SeededGenerator(seed: seed)
    self.now = now
    names =
      ["", "a", "b", "c", "d", "unknown", "_other", "é", "e\u{301}"]
      + ["x", "y"].map { String(repeating: $0, count: 300) }
  }

  mutating func rows(_ count: Int) -> [InventedRow] {
    var id: Int64 = -3
    return (0..<count).map { _ in
      id += Int64.random(in: 1...3, using: &random)
      return row(id)
    }
  }

  private mutating func row(_ id: Int64) -> InventedRow {
    let kinds: [InventedRow.Kind] = [.execution, .evaluation, .evaluation, .note]
    let kind = kinds.randomElement(using: &random) ?? .note
    var row = InventedRow(
      id: id, kind: kind, name: names.randomElement(using: &random) ?? "", time: time())
    if kind != .note { row.quality = score() }
    if kind == .evaluation {
      row.consistency = score()
      row.confidence = score()
      row.calibrationNeeded = [nil, false, true, true].randomElement(using: &random) ?? nil
      row.threshold = score()
    }
    if chance(3) { row.maturity = score() }
    if chance(6) { row.flaw = [.wrongType, .nonFinite, .outOfRange].randomElement(using: &random) }
    return row
  }

  /// Most lie within the last hours, some ahead of the clock by less and by more than 5 minutes.
  private mutating func time() -> Double? {
    switch Int.random(in: leavesOutTimes ? 0..<12 : 2..<12, using: &random) {
    case 0, 1: nil
    case 2: now + Double(Int.random(in: 1...20, using: &random)) * Self.step
    default: now - Double(Int.random(in: 0...200, using: &random)) * Self.step
    }
  }

  /// Few values, so that some are equal and some at a limit.
  private mutating func score() -> Double? {
    chance(5) ? nil : [0, 0.3, 0.6, 0.75, 0.9, 1].randomElement(using: &random) ?? 0
  }

  private mutating func chance(_ sides: Int) -> Bool {
    Int.random(in: 0..<sides, using: &random) == 0
  }
}
