import ReflexiveCore
import Testing

@Suite struct EvidenceScoreTests {
  static let everything = #"""
    {"output_quality": 0.1, "current_threshold": 0.2, "rmm_score": 0.3,
     "self_assessment": {"consistency": 0.4, "confidence": 0.5, "calibration_needed": true}}
    """#
  static let nothingUsable = #"""
    {"output_quality": "x", "current_threshold": NaN, "rmm_score": null,
     "self_assessment": {"consistency": [], "confidence": 7, "calibration_needed": 1}}
    """#

  @Test func anEvaluationUsesEveryScore() {
    let evidence = DecodedRow(event: DecodedRow.evaluation, Self.everything).evidence
    #expect(evidence.quality == 0.1)
    #expect(evidence.threshold == 0.2)
    #expect(evidence.maturity == 0.3)
    #expect(evidence.consistency == 0.4)
    #expect(evidence.confidence == 0.5)
    #expect(evidence.calibrationNeeded == true)
    #expect(evidence.rejection == nil)
  }

  @Test func anExecutionUsesItsQualityAndMaturity() {
    let evidence = DecodedRow(event: DecodedRow.execution, Self.everything).evidence
    #expect(evidence.quality == 0.1)
    #expect(evidence.maturity == 0.3)
    #expect(evidence.threshold == nil)
    #expect(evidence.consistency == nil)
    #expect(evidence.confidence == nil)
    #expect(evidence.calibrationNeeded == nil)
  }

  @Test func anotherEventUsesItsMaturityOnly() {
    let evidence = DecodedRow(event: "tick", Self.everything).evidence
    #expect(evidence.maturity == 0.3)
    #expect(evidence.quality == nil)
    #expect(evidence.threshold == nil)
    #expect(evidence.calibrationNeeded == nil)
  }

  @Test func unusedFieldsAreNoReasonToReject() {
    #expect(DecodedRow(event: "tick", Self.nothingUsable).evidence.rejection == nil)
    let assessment = #"{"output_quality": 0.5, "self_assessment": 7, "current_threshold": "x"}"#
    #expect(DecodedRow(event: DecodedRow.execution, assessment).evidence.rejection == nil)
    #expect(DecodedRow(#"{"consistency": "x", "confidence": 9}"#).evidence.rejection == nil)
  }

  @Test(arguments: ["null", ""])
  func aNullCountsAsAbsent(value: String) {
    let fields = ["output_quality", "current_threshold", "rmm_score", "self_assessment"]
    let payload = value.isEmpty ? "" : fields.map { "\"\($0)\": \(value)" }.joined(separator: ",")
    let evidence = DecodedRow(event: DecodedRow.evaluation, "{\(payload)}").evidence
    #expect(evidence.rejection == nil)
    #expect(evidence.quality == nil)
    let inner = #"{"self_assessment": {"consistency": null, "calibration_needed": null}}"#
    #expect(DecodedRow(event: DecodedRow.evaluation, inner).evidence.rejection == nil)
  }

  @Test(arguments: [
    ("output_quality", #""0.5""#), ("output_quality", "true"), ("output_quality", "[]"),
    ("current_threshold", "{}"), ("rmm_score", "false"), ("self_assessment", "0.5"),
    ("self_assessment", "[]"), ("self_assessment", #"{"consistency": "high"}"#),
    ("self_assessment", #"{"confidence": true}"#), ("self_assessment", "NaN"),
    ("self_assessment", #"{"calibration_needed": 1}"#),
    ("self_assessment", #"{"calibration_needed": "true"}"#),
  ])
  func aWrongTypeIsRejectedAlone(field: String, value: String) {
    let payload = #"{"\#(field)": \#(value), "gate": "g"}"#
    let row = DecodedRow(event: DecodedRow.evaluation, payload)
    #expect(row.evidence.rejection == .wrongType)
    #expect(row.evidence.kind == .evaluation)
    #expect(row.gate == "g")
    #expect(row.evidence.calibrationNeeded == nil)
  }

  @Test(arguments: ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"])
  func aNumberThatIsNotFiniteIsRejectedAlone(value: String) {
    let payload = #"{"output_quality": \#(value), "rmm_score": 0.5}"#
    let evidence = DecodedRow(payload).evidence
    #expect(evidence.rejection == .nonFinite)
    #expect(evidence.quality == nil)
    #expect(evidence.maturity == 0.5)
  }

  @Test(arguments: ["1.0000000010000003", "-0.000001", "-1.0000000000000003e-9", "100", "1e308"])
  func aScoreOutsideZeroToOneIsRejectedAlone(value: String) {
    let evidence = DecodedRow(#"{"output_quality": \#(value), "rmm_score": 1}"#).evidence
    #expect(evidence.rejection == .outOfRange)
    #expect(evidence.quality == nil)
    #expect(evidence.maturity == 1)
  }

  @Test(arguments: [("0", 0.0), ("1", 1), ("-0", 0), ("-0.0", 0), ("1e-400", 0), ("-1e-400", 0)])
  func theBoundsAreScoresAndAnUnderflowIsZero(value: String, score: Double) {
    let quality = DecodedRow(#"{"output_quality": \#(value)}"#).evidence.quality
    #expect(quality == score)
    #expect(quality?.sign == .plus)
  }

  @Test func everyScoreIsDividedByTheScale() {
    let payload = #"""
      {"output_quality": 10, "current_threshold": 20, "rmm_score": 30,
       "self_assessment": {"consistency": 40, "confidence": 100.5}}
      """#
    let evidence = DecodedRow(event: DecodedRow.evaluation, payload, scoreScale: 100).evidence
    #expect(evidence.quality == 0.1)
    #expect(evidence.threshold == 0.2)
    #expect(evidence.maturity == 0.3)
    #expect(evidence.consistency == 0.4)
    #expect(evidence.confidence == nil)
    #expect(evidence.rejection == .outOfRange)
    let tiny = DecodedRow(#"{"output_quality": -5e-324}"#, scoreScale: 100).evidence
    #expect(tiny.quality?.sign == .plus)
    let huge = DecodedRow(#"{"output_quality": 1e300}"#, scoreScale: 1e-100).evidence
    #expect(huge.rejection == .outOfRange)
  }

  @Test func theLastOfDuplicateKeysCounts() {
    #expect(DecodedRow(#"{"output_quality": 0.1, "output_quality": 0.2}"#).evidence.quality == 0.2)
    let wrong = DecodedRow(#"{"output_quality": 0.1, "output_quality": "x"}"#).evidence
    #expect(wrong.quality == nil)
    #expect(wrong.rejection == .wrongType)
    let absent = DecodedRow(#"{"output_quality": "x", "output_quality": null}"#).evidence
    #expect(absent.quality == nil)
    #expect(absent.rejection == nil)
    #expect(DecodedRow(#"{"agent": "a", "agent": 7}"#).evidence.agent == .unknown)
  }

  @Test(arguments: [
    (#"{"consistency": 0.7}"#, 0.7, nil), ("{}", nil, nil), ("null", nil, nil),
    ("7", nil, Rejection.wrongType),
  ])
  func aSecondAssessmentReplacesTheFirst(second: String, consistency: Double?, why: Rejection?) {
    let first = #"{"consistency": 0.5, "confidence": 0.5, "calibration_needed": 1}"#
    let payload = #"{"self_assessment": \#(first), "self_assessment": \#(second)}"#
    let evidence = DecodedRow(event: DecodedRow.evaluation, payload).evidence
    #expect(evidence.consistency == consistency)
    #expect(evidence.confidence == nil)
    #expect(evidence.rejection == why)
  }

  @Test func escapedKeysAreTheKeysThatTheyMean() {
    let payload = #"""
      {"output_qualit\u0079": 0.1, "\u0061gent": "a", "self\u005Fassessment": {"\u0063onfidence": 1},
       "gate\u0000": "g", "\u0067ates": 1, "output_quality\\": 0.9}
      """#
    let row = DecodedRow(event: DecodedRow.evaluation, payload)
    #expect(row.evidence.quality == 0.1)
    #expect(row.agent == "a")
    #expect(row.evidence.confidence == 1)
    #expect(row.evidence.gate == .unknown)
  }

  @Test func fieldsOfOtherObjectsAreNotUsed() {
    let payload = #"""
      {"inner": {"output_quality": 0.9, "agent": "b"}, "list": [{"rmm_score": 0.9}],
       "self_assessment": {"output_quality": 0.9, "more": {"consistency": 0.9}}}
      """#
    let row = DecodedRow(event: DecodedRow.evaluation, payload)
    #expect(row.evidence.quality == nil)
    #expect(row.evidence.maturity == nil)
    #expect(row.evidence.consistency == nil)
    #expect(row.evidence.agent == .unknown)
  }
}
