import ReflexiveCore
import Testing

@Suite struct EvidenceKindTests {
  @Test func theEventColumnTellsTheKind() {
    #expect(DecodedRow(event: "metacognitive_agent_execution", "{}").evidence.kind == .execution)
    #expect(DecodedRow(event: "quality_gate_evaluation", "{}").evidence.kind == .evaluation)
    #expect(DecodedRow(event: "quality_gate_evaluations", "{}").evidence.kind == .other)
    #expect(DecodedRow(event: "Quality_gate_evaluation", "{}").evidence.kind == .other)
    #expect(DecodedRow(event: "metacognitive_agent_execution\0", "{}").evidence.kind == .other)
  }

  @Test func theEventInThePayloadIsIgnored() {
    let row = DecodedRow(
      event: "tick", #"{"event": "quality_gate_evaluation", "output_quality": 0.5}"#)
    #expect(row.evidence.kind == .other)
    #expect(row.event == "tick")
    #expect(row.evidence.quality == nil)
  }

  @Test func anEventThatIsNoTextIsUnknown() {
    #expect(DecodedRow.event { _ in .null }.evidence.event == .unknown)
    #expect(DecodedRow.event { $0.text("") }.evidence.event == .unknown)
    #expect(DecodedRow.event { $0.blob(Array("tick".utf8)) }.evidence.event == .unknown)
    #expect(DecodedRow.event { $0.text([0x61, 0xFF]) }.evidence.event == .unknown)
    #expect(DecodedRow.event { $0.text([0xED, 0xA0, 0x80]) }.evidence.event == .unknown)
    #expect(
      DecodedRow.event { $0.text(Array(repeating: 0x61, count: 300) + [0xC3]) }.evidence.event
        == .unknown)
    let blob = DecodedRow.event { $0.blob(Array("quality_gate_evaluation".utf8)) }
    #expect(blob.evidence.kind == .other)
  }

  @Test func aNumberAsEventHasSQLitesText() {
    #expect(DecodedRow.event { _ in .integer(-5) }.event == "-5")
    #expect(DecodedRow.event { _ in .real(5) }.event == "5.0")
    #expect(DecodedRow.event { _ in .real(0.25) }.event == "0.25")
    #expect(DecodedRow.event { _ in .real(1e20) }.event == "1.0e+20")
    #expect(DecodedRow.event { _ in .real(2.5e-7) }.event == "2.5e-07")
  }

  @Test func anEventOver256BytesIsTooLong() {
    let longest = String(repeating: "é", count: 128)
    #expect(DecodedRow.event { $0.text(longest) }.event == longest)
    #expect(DecodedRow.event { $0.text(longest + "x") }.evidence.event.isTooLong)
    #expect(DecodedRow.event { _ in .tooLarge }.evidence.event.isTooLong)
  }

  @Test func aNULInAnEventIsPartOfIt() {
    #expect(DecodedRow.event { $0.text("a\0b") }.event == "a\0b")
    #expect(DecodedRow.event { $0.text("\0") }.event == "\0")
  }

  @Test func rowsKeepTheirIDsAndTheirOrder() {
    var builder = EvidenceBuilder()
    for name in ["a\0", "b", "c\0"] {
      let event = builder.text(name)
      builder.append(event: event, payload: builder.text("{}"), ts: .null)
    }
    let evidence = builder.decode()
    #expect(evidence.map(\.id) == [1, 2, 3])
    #expect(evidence.map { builder.string(of: $0.event) } == ["a\0", "b", "c\0"])
  }

  @Test func decodingReplacesTheEvidenceOfTheBatch() {
    var builder = EvidenceBuilder()
    builder.append(event: .null, payload: .null, ts: .null)
    #expect(builder.decode().count == 1)
    #expect(builder.decode().count == 1)
    builder.batch.removeAll()
    #expect(builder.batch.evidence.isEmpty)
    #expect(builder.decode().isEmpty)
  }
}
