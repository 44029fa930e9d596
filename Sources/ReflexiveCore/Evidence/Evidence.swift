/// A name as a row carries it, before it becomes a label value.
package enum Name: Hashable, Sendable {
  /// Absent, empty or not text: the label value `unknown`.
  case unknown
  /// Valid UTF-8 of at most ``byteLimit`` bytes, as a range of the batch's bytes.
  case bytes(ByteRange)
  /// Longer than ``byteLimit``: folded into `_other` whatever it says.
  case tooLong

  /// The longest label value, in bytes of UTF-8.
  package static let byteLimit = 256
}

/// What one row says, with every value that can be used and none that cannot.
///
/// Scores are already divided by the store's `score_scale` and lie in [0, 1].
package struct Evidence: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `metacognitive_agent_execution`: one run of an agent.
    case execution
    /// `quality_gate_evaluation`: one decision of a gate.
    case evaluation
    /// Any other event, and every row whose payload is no JSON object.
    case other
  }

  package var id: Int64
  package var kind: Kind
  /// The `event` column, for every row.
  package var event: Name
  /// The first readable of the columns `ts` and `timestamp` and the payload's `timestamp`.
  package var time: UnixTime?
  /// Whose run it is; meaningful on executions.
  package var agent: Name = .unknown
  /// Whose decision it is; meaningful on evaluations.
  package var gate: Name = .unknown
  /// Whose maturity `maturity` is; meaningful where that is not `nil`.
  package var subject: Name = .unknown
  /// `output_quality` of an execution or an evaluation.
  package var quality: Double?
  /// `self_assessment.consistency` of an evaluation.
  package var consistency: Double?
  /// `self_assessment.confidence` of an evaluation.
  package var confidence: Double?
  /// `self_assessment.calibration_needed` of an evaluation is true.
  package var calibrationNeeded = false
  /// `current_threshold` of an evaluation.
  package var threshold: Double?
  /// `rmm_score` of any event.
  package var maturity: Double?
  /// The first reason that holds for something in the row that cannot be used.
  package var rejection: Rejection?

  package init(id: Int64, kind: Kind, event: Name) {
    self.id = id
    self.kind = kind
    self.event = event
  }
}
