/// Turns rows into evidence by the rules in docs/metrics.md, "From a row to evidence".
package struct EvidenceDecoder: Sendable {
  private let scoreScale: Double
  private let nameLimit: Int

  /// - Parameters:
  ///   - scoreScale: what every score of the store is divided by; finite and above 0.
  ///   - nameLimit: bytes of the longest name whose bytes are kept.
  package init(scoreScale: Double, nameLimit: Int = Name.byteLimit) {
    self.scoreScale = scoreScale
    self.nameLimit = nameLimit
  }

  /// Decodes the rows of `batch` into its evidence.
  ///
  /// Names that the rows hold in another form, with escapes or as numbers, are appended to the
  /// batch's bytes.
  /// - Parameter now: the time of reading. A row more than ``Rejection/futureTolerance`` after it
  ///   is rejected.
  package func decode(_ batch: inout EvidenceBatch, now: UnixTime) {
    // The array reuses the batch's memory. It leaves the batch because the batch lends its bytes.
    var evidence: [Evidence] = []
    swap(&evidence, &batch.evidence)
    evidence.removeAll(keepingCapacity: true)
    evidence.reserveCapacity(batch.rows.count)
    var names = NameReader(after: batch, limit: nameLimit)
    do {
      let bytes = batch.bytes.span
      for row in batch.rows {
        evidence.append(decode(row, in: bytes, now: now, &names))
      }
    }
    batch.evidence = evidence
    batch.bytes += names.rewritten
  }

  private func decode(
    _ row: EvidenceRow, in bytes: Span<UInt8>, now: UnixTime, _ names: inout NameReader
  ) -> Evidence {
    let kind = Evidence.Kind(event: row.event, in: bytes)
    var evidence = Evidence(
      id: row.id, kind: .other, event: names.event(row.event, of: kind, in: bytes))
    evidence.time = UnixTime(row.ts, in: bytes) ?? UnixTime(row.timestamp, in: bytes)
    var payload = Payload()
    if let reason = Self.scan(row.payload, in: bytes, into: &payload) {
      evidence.rejection = reason
      return evidence
    }
    evidence.kind = kind
    evidence.time = evidence.time ?? UnixTime(payload.timestamp, in: bytes)
    evidence.agent = names.name(payload.agent, in: bytes)
    evidence.gate = names.name(payload.gate, in: bytes)
    var validator = ScoreValidator(scale: scoreScale)
    evidence.readScores(of: payload, by: &validator)
    evidence.rejection = Self.rejection(of: evidence.time, now: now) ?? validator.rejection
    if evidence.rejection == .futureTimestamp { evidence.rejectionWhenDue = validator.rejection }
    return evidence
  }

  /// Reads the column `payload`: text, or a blob whose bytes are taken as text.
  /// - Returns: why it cannot be used; `nil` if it can.
  private static func scan(
    _ column: SQLiteValue, in bytes: Span<UInt8>, into payload: inout Payload
  ) -> Rejection? {
    switch column {
    case .text(let range), .blob(let range): PayloadScanner.scan(bytes, range, into: &payload)
    case .tooLarge: .tooLarge
    case .null: .invalidJSON
    // SQLite's text form of a number is valid JSON, except for infinity (`Inf`).
    case .integer: .notObject
    case .real(let number): number.isFinite ? .notObject : .invalidJSON
    }
  }

  private static func rejection(of time: UnixTime?, now: UnixTime) -> Rejection? {
    guard let time else { return .badTimestamp }
    return time.since(now) > Rejection.futureTolerance ? .futureTimestamp : nil
  }
}

extension Evidence.Kind {
  /// The event of one run of an agent.
  static let executionEvent: StaticString = "metacognitive_agent_execution"
  /// The event of one decision of a gate.
  static let evaluationEvent: StaticString = "quality_gate_evaluation"

  fileprivate init(event: SQLiteValue, in bytes: Span<UInt8>) {
    guard case .text(let range) = event else {
      self = .other
      return
    }
    self.init(event: bytes.extracting(range.indices(in: bytes)))
  }

  init(event: Span<UInt8>) {
    if event.equals(Self.executionEvent) {
      self = .execution
    } else if event.equals(Self.evaluationEvent) {
      self = .evaluation
    } else {
      self = .other
    }
  }
}

extension Evidence {
  /// Reads the fields that this kind of event uses, and no others.
  mutating func readScores(of payload: Payload, by validator: inout ScoreValidator) {
    switch kind {
    case .execution:
      quality = validator.score(payload.quality, .quality)
    case .evaluation:
      let assessment = payload.assessment
      quality = validator.score(payload.quality, .quality)
      threshold = validator.score(payload.threshold, .threshold)
      if assessment.isWrongType { validator.wrongTypeFound(.assessment) }
      consistency = validator.score(assessment.consistency, .consistency)
      confidence = validator.score(assessment.confidence, .confidence)
      calibrationNeeded = validator.flag(assessment.calibrationNeeded, .calibrationNeeded)
    case .other:
      break
    }
    maturity = validator.score(payload.maturity, .maturity)
    if maturity != nil { subject = agent != .unknown ? agent : gate != .unknown ? gate : event }
  }
}
