import ReflexiveCore

/// Feeds a store's indicators with evidence. Ids count up from 1, and tests set the clock.
struct EvidenceFeed {
  private(set) var indicators: StoreIndicators
  var now: UnixTime
  private var nextID: Int64 = 1

  init(
    _ settings: StoreIndicators.Settings = StoreIndicators.Settings(),
    now: UnixTime = UnixTime(seconds: 1_800_000_000)
  ) {
    indicators = StoreIndicators(settings)
    self.now = now
  }

  var snapshot: EvidenceSnapshot { indicators.snapshot(at: now) }

  /// An execution, `age` seconds old; `nil` is one without a readable time.
  mutating func execution(
    _ agent: String = "a", _ quality: Double? = nil, age: Double? = 0, maturity: Double? = nil
  ) {
    apply(.execution, "metacognitive_agent_execution", age: age) { row, name in
      row.agent = name(agent)
      row.quality = quality
      row.maturity = maturity
      row.subject = row.agent
    }
  }

  /// An evaluation, `age` seconds old; `nil` is one without a readable time.
  mutating func evaluation(
    _ gate: String = "g", quality: Double? = nil, consistency: Double? = nil,
    confidence: Double? = nil, threshold: Double? = nil, calibrationNeeded: Bool? = false,
    age: Double? = 0
  ) {
    apply(.evaluation, "quality_gate_evaluation", age: age) { row, name in
      row.gate = name(gate)
      row.quality = quality
      row.consistency = consistency
      row.confidence = confidence
      row.threshold = threshold
      row.calibrationNeeded = calibrationNeeded
    }
  }

  mutating func other(_ event: String, rejection: Rejection? = nil) {
    apply(.other, event, age: 0) { row, _ in row.rejection = rejection }
  }

  /// The state as bytes.
  var bytesOfState: [UInt8] {
    var writer = ByteWriter()
    indicators.write(to: &writer)
    return writer.bytes
  }

  /// Goes on with the state that is read back from `bytes`.
  mutating func restart(
    _ settings: StoreIndicators.Settings, from bytes: [UInt8]
  ) throws(BinaryDecodingError) {
    var reader = ByteReader(bytes[...])
    indicators = try StoreIndicators(settings, from: &reader)
    try reader.expectEnd()
  }

  /// Moves the clock by `seconds`.
  mutating func wait(_ seconds: Double) { now = now.advanced(by: seconds) }

  mutating func adopt(_ settings: StoreIndicators.Settings) -> Bool { indicators.adopt(settings) }

  private mutating func apply(
    _ kind: Evidence.Kind, _ event: String, age: Double?,
    _ fill: (inout Evidence, (String) -> Name) -> Void
  ) {
    var batch = EvidenceBatch()
    func name(_ text: String) -> Name {
      guard !text.isEmpty else { return .unknown }
      guard text.utf8.count <= Name.byteLimit else {
        return .tooLong(digest: Name.digest(of: Array(text.utf8).span))
      }
      batch.bytes += text.utf8
      let count = text.utf8.count
      return .bytes(ByteRange(offset: batch.bytes.count - count, count: count))
    }
    var row = Evidence(id: nextID, kind: kind, event: name(event))
    row.time = age.map { now.advanced(by: -$0) }
    fill(&row, name)
    nextID += 1
    batch.evidence = [row]
    indicators.apply(batch, at: now)
  }
}

extension [WindowAverage] {
  subscript(window: String) -> WindowAverage? { first { $0.window == window } }
}

extension [WindowDrift] {
  subscript(window: String) -> Double? { first { $0.window == window }?.drift }
}
