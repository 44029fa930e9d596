import ReflexiveCore

/// Builds a batch of rows and decodes it.
struct EvidenceBuilder {
  var batch = EvidenceBatch()
  var scoreScale = 1.0
  var now = UnixTime(seconds: 1_767_225_600, nanoseconds: 0)

  /// Adds bytes to the batch and returns them as a column of text.
  mutating func text(_ bytes: [UInt8]) -> SQLiteValue {
    .text(bytes.withUnsafeBytes { batch.append($0) })
  }

  mutating func text(_ string: String) -> SQLiteValue { text(Array(string.utf8)) }

  mutating func blob(_ bytes: [UInt8]) -> SQLiteValue {
    .blob(bytes.withUnsafeBytes { batch.append($0) })
  }

  mutating func append(
    event: SQLiteValue, payload: SQLiteValue, ts: SQLiteValue, timestamp: SQLiteValue = .null
  ) {
    batch.rows.append(
      EvidenceRow(
        id: Int64(batch.rows.count + 1), event: event, payload: payload, ts: ts,
        timestamp: timestamp))
  }

  mutating func decode() -> [Evidence] {
    EvidenceDecoder(scoreScale: scoreScale).decode(&batch, now: now)
    return batch.evidence
  }

  /// The bytes of a name; `nil` if it has none.
  func bytes(of name: Name) -> [UInt8]? {
    guard case .bytes(let range) = name else { return nil }
    return Array(batch.bytes[range.offset..<range.offset + range.count])
  }

  func string(of name: Name) -> String? {
    bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// The evidence of one row, with its names as strings.
struct DecodedRow {
  var evidence: Evidence
  var event: String?
  var agent: String?
  var gate: String?
  var subject: String?

  static let execution = "metacognitive_agent_execution"
  static let evaluation = "quality_gate_evaluation"

  /// A row with a readable time, unless `ts` says otherwise.
  init(
    event: String = Self.execution, _ payload: String, ts: String? = "2025-06-01T00:00:00",
    timestamp: String? = nil, scoreScale: Double = 1
  ) {
    self.init(scoreScale: scoreScale) { builder in
      let event = builder.text(event)
      let payload = builder.text(payload)
      let ts = ts.map { builder.text($0) } ?? .null
      let timestamp = timestamp.map { builder.text($0) } ?? .null
      builder.append(event: event, payload: payload, ts: ts, timestamp: timestamp)
    }
  }

  init(scoreScale: Double = 1, _ appendRow: (inout EvidenceBuilder) -> Void) {
    var builder = EvidenceBuilder(scoreScale: scoreScale)
    appendRow(&builder)
    evidence = builder.decode().first ?? Evidence(id: -1, kind: .other, event: .unknown)
    event = builder.string(of: evidence.event)
    agent = builder.string(of: evidence.agent)
    gate = builder.string(of: evidence.gate)
    subject = builder.string(of: evidence.subject)
  }

  /// A row of which only the `event` column matters.
  static func event(_ makeColumn: (inout EvidenceBuilder) -> SQLiteValue) -> DecodedRow {
    DecodedRow { builder in
      let column = makeColumn(&builder)
      builder.append(event: column, payload: builder.text("{}"), ts: .integer(0))
    }
  }

  /// A row of which only the `payload` column matters.
  static func payload(_ makeColumn: (inout EvidenceBuilder) -> SQLiteValue) -> DecodedRow {
    DecodedRow { builder in
      let column = makeColumn(&builder)
      builder.append(event: builder.text(execution), payload: column, ts: .integer(0))
    }
  }

  /// A row of which only the columns with its time matter.
  static func columns(ts: SQLiteValue, timestamp: SQLiteValue = .null) -> DecodedRow {
    DecodedRow { builder in
      let event = builder.text(execution)
      builder.append(event: event, payload: builder.text("{}"), ts: ts, timestamp: timestamp)
    }
  }
}
