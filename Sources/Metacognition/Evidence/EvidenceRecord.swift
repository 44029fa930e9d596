import FoundationEssentials
import ReflexiveCore

/// One row of evidence on its way to the database.
public struct EvidenceRecord: Sendable {
  /// The run or decision that the row is about. No run gets a second row.
  public let run: RunID
  let event: String
  let members: [String: JSONValue]

  private init(_ event: LabelValue, _ run: RunID, _ members: [String: JSONValue?]) {
    self.run = run
    self.event = event.text
    self.members = members.compactMapValues { $0 }
  }

  /// Creates the row of an agent's run.
  ///
  /// - Parameter score: `nil` for a run that could not be scored. `detail` should then say why.
  public static func execution(
    of agent: String, score: Double?, detail: [String: JSONValue] = [:], run: RunID = RunID()
  ) -> EvidenceRecord {
    EvidenceRecord(
      .execution, run,
      [
        "agent": .string(agent), "output_quality": score.map { .number($0) },
        "detail": detail.isEmpty ? nil : .object(detail),
      ])
  }

  /// Creates the row of a gate's decision.
  ///
  /// - Parameters:
  ///   - score: `nil` for a decision that could not be made.
  ///   - threshold: the gate's threshold after the decision.
  public static func evaluation(
    by gate: String, score: Double?, assessment: SelfAssessment?, threshold: Double,
    detail: [String: JSONValue] = [:], run: RunID = RunID()
  ) -> EvidenceRecord {
    EvidenceRecord(
      .evaluation, run,
      [
        "gate": .string(gate), "output_quality": score.map { .number($0) },
        "self_assessment": assessment?.json, "current_threshold": .number(threshold),
        "detail": detail.isEmpty ? nil : .object(detail),
      ])
  }

  /// Returns the columns of the row.
  ///
  /// It leaves out details that a reader would reject, such as a number that is not finite.
  func row(at time: UnixTime) throws(EvidenceRecorderError) -> (payload: String, ts: String) {
    let ts = time.calendarText
    if let payload = checked(members, ts, time) { return (payload, ts) }
    var members = members
    if members["detail"] != nil {
      members["detail"] = ["error": "the detail of this run could not be written as evidence"]
    }
    guard let payload = checked(members, ts, time) else {
      throw .refused("a score or threshold of it is not a number from 0 to 1, or it is too large")
    }
    return (payload, ts)
  }

  private func checked(_ members: [String: JSONValue], _ ts: String, _ time: UnixTime) -> String? {
    var members = members
    members["event"] = .string(event)
    members["run"] = .string(run.description)
    members["timestamp"] = .string(ts)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(members),
      (try? EvidenceValidator().check(Array(data), now: time)) != nil
    else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}

/// A gate's assessment of its own judgement.
public struct SelfAssessment: Hashable, Sendable {
  /// How well the judgement agrees with itself, from 0 to 1.
  public var consistency: Double
  /// How sure the gate is, from 0 to 1.
  public var confidence: Double
  /// Whether the score was below the threshold.
  public var calibrationNeeded: Bool

  /// Creates an assessment from values.
  public init(consistency: Double, confidence: Double, calibrationNeeded: Bool) {
    self.consistency = consistency
    self.confidence = confidence
    self.calibrationNeeded = calibrationNeeded
  }

  var json: JSONValue {
    [
      "consistency": .number(consistency), "confidence": .number(confidence),
      "calibration_needed": .bool(calibrationNeeded),
    ]
  }
}
