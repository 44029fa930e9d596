import ReflexiveCore
import Testing

@Suite struct EvidenceRejectionTests {
  @Test(arguments: [
    ("{", Rejection.invalidJSON), ("[]", .notObject),
    (#"{"output_quality": "x", "rmm_score": NaN, "current_threshold": 2}"#, .badTimestamp),
  ])
  func thePayloadIsCheckedBeforeTheTime(payload: String, reason: Rejection) {
    #expect(DecodedRow(event: DecodedRow.evaluation, payload, ts: nil).evidence.rejection == reason)
  }

  @Test func theFirstReasonThatHoldsIsTheOnlyOne() {
    let all = #"{"output_quality": "x", "rmm_score": NaN, "current_threshold": 2}"#
    let future = DecodedRow(event: DecodedRow.evaluation, all, ts: "2030-01-01T00:00:00")
    #expect(future.evidence.rejection == .futureTimestamp)
    #expect(DecodedRow(event: DecodedRow.evaluation, all).evidence.rejection == .wrongType)
    let numbers = #"{"current_threshold": 2, "output_quality": 0.5, "rmm_score": NaN}"#
    let evidence = DecodedRow(event: DecodedRow.evaluation, numbers).evidence
    #expect(evidence.rejection == .nonFinite)
    #expect(evidence.quality == 0.5)
  }

  @Test(arguments: ["{", "7", "[]", "null", #""x""#, "NaN", ""])
  func aPayloadThatIsNoObjectIsNeitherExecutionNorEvaluation(payload: String) {
    let row = DecodedRow(event: DecodedRow.execution, payload, ts: "5")
    #expect(row.evidence.kind == .other)
    #expect(row.event == DecodedRow.execution)
    #expect(row.evidence.time?.seconds == 5)
    #expect(row.evidence.rejection != nil)
  }

  @Test func aBadTimeLeavesEverythingElse() {
    let row = DecodedRow(#"{"agent": "a", "output_quality": 0.5}"#, ts: "yesterday")
    #expect(row.evidence.rejection == .badTimestamp)
    #expect(row.evidence.kind == .execution)
    #expect(row.evidence.quality == 0.5)
    #expect(row.agent == "a")
  }

  @Test func theStorageClassOfThePayloadCounts() {
    #expect(DecodedRow.payload { _ in .null }.evidence.rejection == .invalidJSON)
    #expect(DecodedRow.payload { _ in .integer(1) }.evidence.rejection == .notObject)
    #expect(DecodedRow.payload { _ in .real(0.5) }.evidence.rejection == .notObject)
    #expect(DecodedRow.payload { _ in .real(.infinity) }.evidence.rejection == .invalidJSON)
    let tooLarge = DecodedRow.payload { _ in .tooLarge }.evidence
    #expect(tooLarge.rejection == .tooLarge)
    #expect(tooLarge.kind == .other)
    #expect(tooLarge.time?.seconds == 0)
  }

  @Test func aBlobIsReadAsText() {
    let row = DecodedRow.payload { $0.blob(Array(#"{"output_quality": 0.5}"#.utf8)) }
    #expect(row.evidence.quality == 0.5)
    #expect(row.evidence.rejection == nil)
    #expect(DecodedRow.payload { $0.blob([0xFF]) }.evidence.rejection == .invalidJSON)
    #expect(DecodedRow.payload { $0.blob([]) }.evidence.rejection == .invalidJSON)
  }
}
