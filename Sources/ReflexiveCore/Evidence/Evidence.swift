/// A name as a row carries it, before it becomes a label value.
package enum Name: Hashable, Sendable {
  /// Absent, empty or not text: the label value `unknown`.
  case unknown
  /// Valid UTF-8 of at most ``byteLimit`` bytes, as a range of the batch's bytes.
  case bytes(ByteRange)
  /// A name longer than ``byteLimit``, always folded into `_other`. The digest tells such names
  /// apart.
  case tooLong(digest: UInt64)

  /// The longest label value, in bytes of UTF-8.
  package static let byteLimit = 256

  package var isTooLong: Bool {
    if case .tooLong = self { true } else { false }
  }
}

/// The usable values of one row.
///
/// Scores are already divided by the store's `score_scale` and lie in [0, 1].
package struct Evidence: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// `metacognitive_agent_execution`: one run of an agent.
    case execution
    /// `quality_gate_evaluation`: one decision of a gate.
    case evaluation
    /// Any other event, and every row whose payload is not a JSON object.
    case other
  }

  package var id: Int64
  package var kind: Kind
  /// The `event` column, for every row.
  package var event: Name
  /// The first readable of the columns `ts` and `timestamp` and the payload's `timestamp`.
  package var time: UnixTime?
  /// The agent that ran; used for executions.
  package var agent: Name = .unknown
  /// The gate that decided; used for evaluations.
  package var gate: Name = .unknown
  /// The subject of ``maturity``; used if that is not `nil`.
  package var subject: Name = .unknown
  /// `output_quality` of an execution or an evaluation.
  package var quality: Double?
  /// `self_assessment.consistency` of an evaluation.
  package var consistency: Double?
  /// `self_assessment.confidence` of an evaluation.
  package var confidence: Double?
  /// `self_assessment.calibration_needed` of an evaluation; `nil` where it cannot be used.
  package var calibrationNeeded: Bool?
  /// `current_threshold` of an evaluation.
  package var threshold: Double?
  /// `rmm_score` of any event.
  package var maturity: Double?
  /// The first reason why something in the row cannot be used; `nil` if all of it can.
  package var rejection: Rejection?
  /// The rejection of a row ahead of the clock, once the clock has reached the row's time.
  package var rejectionWhenDue: Rejection?
  /// The index of the agent or gate in its label table; -1 until the row has been applied to the
  /// indicators. ``subjectIndex`` is that of the subject.
  package var nameIndex: Int32 = -1
  package var subjectIndex: Int32 = -1

  /// The rejection regardless of the clock.
  @inlinable
  package var lastingRejection: Rejection? {
    rejection == .futureTimestamp ? rejectionWhenDue : rejection
  }

  package init(id: Int64, kind: Kind, event: Name) {
    self.id = id
    self.kind = kind
    self.event = event
  }
}
