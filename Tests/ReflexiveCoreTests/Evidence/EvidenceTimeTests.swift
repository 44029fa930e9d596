import ReflexiveCore
import Testing

@Suite struct EvidenceTimeTests {
  static func seconds(_ ts: String) -> Double? { DecodedRow("{}", ts: ts).evidence.time?.seconds }

  @Test(arguments: [
    ("1970-01-01T00:00:00", 0.0), ("2024-05-01T12:34:56", 1_714_566_896),
    ("2024-05-01 12:34:56.25", 1_714_566_896.25), ("2024-05-01T12:34:56Z", 1_714_566_896),
    ("2024-05-01T12:34:56.5+02:00", 1_714_559_696.5), ("2024-05-01T12:34:56-0830", 1_714_597_496),
    ("2024-02-29T00:00:00", 1_709_164_800), ("2000-02-29T00:00:00", 951_782_400),
    ("0001-01-01T00:00:00", -62_135_596_800), ("9999-12-31T23:59:59", 253_402_300_799),
    ("1969-12-31T23:59:59.5", -0.5), ("1970-01-01T00:00:00.123456789", 0.123456789),
    ("1970-01-01T00:00:00+23:59", -86_340),
    ("1714566896", 1_714_566_896), ("1714566896.25", 1_714_566_896.25), ("-1.5", -1.5),
    ("007", 7), ("-0", 0), ("0.1", 0.1),
  ])
  func aReadableTextIsATime(text: String, seconds: Double) {
    #expect(Self.seconds(text) == seconds)
  }

  @Test(arguments: [
    "", " ", "now", "2024-05-01", "2024-05-01T12:34", "2024-05-01T12:34:5", "2024-5-01T12:34:56",
    "20240501T123456", "2024-05-01t12:34:56", "2024-05-01_12:34:56", "2024/05/01T12:34:56",
    "2024-05-01T12.34.56", "2024-05-01T12:34:56z", "2024-05-01T12:34:56 Z", "2024-05-01T12:34:56ZZ",
    " 2024-05-01T12:34:56", "2024-05-01T12:34:56 ", "2024-05-01T12:34:56\n",
    "2024-05-01T12:34:56\0", "2024-05-01T12:34:56.", "2024-05-01T12:34:56.Z",
    "2024-05-01T12:34:56.1234567890", "2024-05-01T12:34:56,5",
    "2023-02-29T00:00:00", "1900-02-29T00:00:00", "2024-02-30T00:00:00", "2024-04-31T00:00:00",
    "2024-00-01T00:00:00", "2024-13-01T00:00:00", "2024-01-00T00:00:00", "2024-01-32T00:00:00",
    "0000-01-01T00:00:00", "10000-01-01T00:00:00", "-2024-01-01T00:00:00", "+2024-01-01T00:00:00",
    "2024-05-01T24:00:00", "2024-05-01T12:60:00", "2024-05-01T23:59:60",
    "2024-05-01T12:34:56+24:00", "2024-05-01T12:34:56+01:60", "2024-05-01T12:34:56+1:00",
    "2024-05-01T12:34:56+01", "2024-05-01T12:34:56+01:0", "2024-05-01T12:34:56+01-00",
    "2024-05-01T12:34:56+010", "2024-05-01T12:34:56+01:000", "2024-05-01T12:34:56+",
    "２024-05-01T12:34:56", "+5", "1.", ".5", "-", "-.5", "--1", "1e9", "0x10", "1_000", "1 ", " 1",
    "1.2.3", "nan", "inf", "1\0",
  ])
  func anyOtherTextIsNoTime(text: String) {
    #expect(Self.seconds(text) == nil)
    #expect(DecodedRow("{}", ts: text).evidence.rejection == .badTimestamp)
  }

  @Test func digitsThatOverflowAreNoTime() {
    #expect(Self.seconds(String(repeating: "9", count: 400)) == nil)
    #expect(Self.seconds("0." + String(repeating: "0", count: 400) + "1") == 0)
    #expect(Self.seconds(String(repeating: "0", count: 400) + "1") == 1)
  }

  @Test func aColumnMayHoldANumber() {
    func seconds(_ column: SQLiteValue) -> Double? {
      DecodedRow.columns(ts: column).evidence.time?.seconds
    }
    #expect(seconds(.integer(-7)) == -7)
    #expect(seconds(.integer(.min)) == -9_223_372_036_854_775_808)
    #expect(seconds(.real(1.5)) == 1.5)
    #expect(seconds(.real(.infinity)) == nil)
    #expect(seconds(.real(.nan)) == nil)
    #expect(seconds(.real(-0.0))?.sign == .plus)
    #expect(seconds(.null) == nil)
    #expect(seconds(.tooLarge) == nil)
    let blob = DecodedRow { builder in
      let payload = builder.text("{}")
      builder.append(event: .null, payload: payload, ts: builder.blob(Array("0".utf8)))
    }
    #expect(blob.evidence.time == nil)
  }

  @Test func aPayloadMayHoldANumberOrADate() {
    func seconds(_ value: String) -> Double? {
      DecodedRow(#"{"timestamp": \#(value)}"#, ts: nil).evidence.time?.seconds
    }
    #expect(seconds("1714566896.5") == 1_714_566_896.5)
    #expect(seconds("-0")?.sign == .plus)
    #expect(seconds(#""2024-05-01T12:34:56""#) == 1_714_566_896)
    #expect(seconds(#""2024-05-01T12:34:56\u005a""#) == 1_714_566_896)
    #expect(seconds(#""2024-05-01T12:34:56.123456789+00:00""#) == 1_714_566_896.123456789)
    #expect(seconds(#""\u0032024-05-01T12:34:56.123456789+00:00""#) == 1_714_566_896.123456789)
    #expect(seconds(#""1714566896""#) == nil)
    #expect(seconds("1e400") == nil)
    #expect(seconds("NaN") == nil)
    #expect(seconds("null") == nil)
    #expect(seconds("true") == nil)
    #expect(seconds("[1]") == nil)
  }

  @Test func theFirstReadableTimeCounts() {
    let payload = #"{"timestamp": 3}"#
    #expect(DecodedRow(payload, ts: "1", timestamp: "2").evidence.time?.seconds == 1)
    #expect(DecodedRow(payload, ts: "one", timestamp: "2").evidence.time?.seconds == 2)
    #expect(DecodedRow(payload, ts: nil, timestamp: "two").evidence.time?.seconds == 3)
    #expect(DecodedRow(payload, ts: "", timestamp: nil).evidence.rejection == nil)
  }

  @Test func aTimeOverFiveMinutesAheadIsRejectedAndKept() {
    func decode(_ ts: Double) -> Evidence {
      DecodedRow.columns(ts: .real(ts)).evidence
    }
    let now = EvidenceBuilder().now.seconds
    #expect(decode(now + 300).rejection == nil)
    #expect(decode(now + 300.001).rejection == .futureTimestamp)
    #expect(decode(now + 300.001).time?.seconds == now + 300.001)
    #expect(decode(.greatestFiniteMagnitude).rejection == .futureTimestamp)
    #expect(decode(-.greatestFiniteMagnitude).rejection == nil)
  }
}
