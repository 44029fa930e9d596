import ReflexiveCore
import Testing

@Suite struct EvidenceNameTests {
  static func agent(_ value: String) -> DecodedRow { DecodedRow(#"{"agent": \#(value)}"#) }

  @Test func namesAreTakenAsTheyStand() {
    #expect(Self.agent(#""sümmarizer 1""#).agent == "sümmarizer 1")
    let row = DecodedRow(event: DecodedRow.evaluation, #"{"gate": "research", "agent": "a"}"#)
    #expect(row.gate == "research")
  }

  @Test(arguments: ["null", #""""#, "7", "true", "[]", #"{"a": "b"}"#, "NaN"])
  func aNameThatIsNoTextIsUnknown(value: String) {
    let row = DecodedRow(#"{"agent": \#(value), "gate": \#(value)}"#)
    #expect(row.evidence.agent == .unknown)
    #expect(row.evidence.gate == .unknown)
    #expect(row.evidence.rejection == nil)
    #expect(DecodedRow("{}").evidence.agent == .unknown)
  }

  @Test func escapesInNamesAreUnescaped() {
    #expect(Self.agent(#""r\u00e9\u0073um\u00E9""#).agent == "résumé")
    let short = Self.agent(#""\"\\\/\b\f\n\r\t""#)
    #expect(short.agent == "\"\\/\u{8}\u{C}\n\r\t")
    #expect(Self.agent(#""\ud83d\ude00 ok""#).agent == "😀 ok")
    #expect(Self.agent(#""\u005cn""#).agent == #"\n"#)
  }

  @Test func halfASurrogatePairIsReplaced() {
    #expect(Self.agent(#""\ud83d""#).agent == "\u{FFFD}")
    #expect(Self.agent(#""\ude00\ud83d""#).agent == "\u{FFFD}\u{FFFD}")
    #expect(Self.agent(#""\ude00\ude00""#).agent == "\u{FFFD}\u{FFFD}")
    #expect(Self.agent(#""\ud83d\ud83d\ude00""#).agent == "\u{FFFD}😀")
    #expect(Self.agent(#""\ud83dx\ude00""#).agent == "\u{FFFD}x\u{FFFD}")
    #expect(Self.agent(#""\ud83d\n""#).agent == "\u{FFFD}\n")
    #expect(Self.agent(#""\ud83d\u0041""#).agent == "\u{FFFD}A")
  }

  @Test func aNULInANameIsPartOfIt() {
    #expect(Self.agent(#""a\u0000b""#).agent == "a\0b")
    #expect(Self.agent(#""\u0000""#).agent == "\0")
  }

  @Test func aNameOver256BytesIsTooLong() {
    let longest = String(repeating: "x", count: 256)
    #expect(Self.agent("\"\(longest)\"").agent == longest)
    #expect(Self.agent("\"\(longest)x\"").evidence.agent.isTooLong)
  }

  @Test func theLimitCountsBytesAfterUnescaping() {
    let fits = String(repeating: #"\u00e9"#, count: 128)
    #expect(Self.agent("\"\(fits)\"").agent == String(repeating: "é", count: 128))
    #expect(Self.agent("\"\(fits)\\u0041\"").evidence.agent.isTooLong)
    let replaced = String(repeating: #"\ud800"#, count: 86)
    #expect(Self.agent("\"\(replaced)\"").evidence.agent.isTooLong)
  }

  @Test func aTooLongNameLeavesTheNextOneAlone() {
    let long = String(repeating: #"\n"#, count: 300)
    var builder = EvidenceBuilder()
    let payload = builder.text(#"{"agent": "\#(long)", "gate": "g\u0061te"}"#)
    builder.append(event: .null, payload: payload, ts: .null)
    let count = builder.batch.bytes.count
    let evidence = builder.decode()
    #expect(evidence.map(\.agent.isTooLong) == [true])
    #expect(evidence.map { builder.string(of: $0.gate) } == ["gate"])
    #expect(builder.batch.bytes.count == count + "gate".utf8.count)
  }

  @Test func theSubjectIsTheAgentElseTheGateElseTheEvent() {
    func subject(_ payload: String) -> String? { DecodedRow(event: "tick", payload).subject }
    #expect(subject(#"{"rmm_score": 0.5, "gate": "g", "agent": "a"}"#) == "a")
    #expect(subject(#"{"rmm_score": 0.5, "gate": "g", "agent": ""}"#) == "g")
    #expect(subject(#"{"rmm_score": 0.5, "gate": "g\u0061", "agent": 7}"#) == "ga")
    #expect(subject(#"{"rmm_score": 0.5, "gate": null}"#) == "tick")
    #expect(subject(#"{"gate": "g", "agent": "a"}"#) == nil)
    #expect(subject(#"{"rmm_score": 2, "agent": "a"}"#) == nil)
    let long = String(repeating: "x", count: 257)
    let row = DecodedRow(event: "tick", #"{"rmm_score": 0.5, "agent": "\#(long)", "gate": "g"}"#)
    #expect(row.evidence.subject.isTooLong)
  }
}
