/// One row of evidence as pages, the API and exports show it. Names are as written, whatever their
/// length. Scores are divided by the store's `score_scale`.
package struct ListedEvidence: Hashable, Sendable {
  package var id: Int64
  /// The text of the column `event`; `unknown` where it has none.
  package var event: LabelValue
  /// The agent of an execution; `unknown` where it names none.
  package var agent: LabelValue?
  /// The gate of an evaluation; `unknown` where it names none.
  package var gate: LabelValue?
  /// The subject of ``maturity``.
  package var subject: LabelValue?
  /// `output_quality`.
  package var score: Double?
  package var consistency: Double?
  package var confidence: Double?
  package var calibrationNeeded: Bool?
  package var threshold: Double?
  /// `rmm_score`.
  package var maturity: Double?
  package var rejection: Rejection?
  package var time: UnixTime?

  /// - Parameters:
  ///   - evidence: the evidence, decoded with names of any length.
  ///   - bytes: the bytes that its names are ranges of.
  package init(_ evidence: Evidence, in bytes: [UInt8]) {
    id = evidence.id
    event = evidence.event.label(in: bytes)
    if evidence.kind == .execution { agent = evidence.agent.label(in: bytes) }
    if evidence.kind == .evaluation { gate = evidence.gate.label(in: bytes) }
    if evidence.maturity != nil { subject = evidence.subject.label(in: bytes) }
    score = evidence.quality
    consistency = evidence.consistency
    confidence = evidence.confidence
    calibrationNeeded = evidence.calibrationNeeded
    threshold = evidence.threshold
    maturity = evidence.maturity
    rejection = evidence.rejection
    time = evidence.time
  }
}

extension Name {
  fileprivate func label(in bytes: [UInt8]) -> LabelValue {
    switch self {
    case .unknown: .unknown
    case .tooLong: .overflow
    case .bytes(let range):
      LabelValue(
        String(decoding: bytes[range.offset..<range.offset + range.count], as: UTF8.self))
    }
  }
}
