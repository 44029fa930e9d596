import Testing

@testable import OpenTelemetryLogs

struct LogsJSONTests {
  private static let reader = LogsReader(eventName: "e") { $0 == "score" || $0 == "service.name" }

  private func read(_ text: String) throws -> LogsRequest {
    try Self.reader.read(json: Array(text.utf8))
  }

  private func record(_ members: String) -> String {
    #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"e",\#(members)}]}]}]}"#
  }

  @Test func aRequestIsReadAsItsBinaryFormWouldBe() throws {
    let request = try read(
      #"""
      {"resourceLogs": [{"scopeLogs": [{"scope": {"name": "s", "attributes": [{"key": "score"}]},
        "logRecords": [{
          "eventName": "e", "timeUnixNano": "18446744073709551615", "observedTimeUnixNano": 1,
          "severityNumber": 9, "traceId": "00FF", "spanId": "1", "flags": 1,
          "body": {"kvlistValue": {"values": [{"key": "score", "value": {"intValue": 1}}]}},
          "attributes": [
            {"key": "score", "value": {"doubleValue": 0.5}}, {"key": "other", "value": {}},
            {"key": "sc\u006fre", "value": {"arrayValue": {"values": [{"intValue": "2"}]}}}
          ], "unknown": [[{"a": null}, 1e5, true]]},
          {"eventName": "f"}, {"attributes": [{"key": "event.name", "value": {"stringValue": "e"}}]}
        ]}],
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "é"}}]}},
        {"scopeLogs": null}]}
      """#)
    #expect(request.otherRecords == 1 && request.resources.count == 1)
    let resource = try #require(request.resources.first)
    #expect(resource.attributes == [LogAttribute(key: "service.name", value: .text("é"))])
    #expect(resource.records.count == 2)
    let record = resource.records[0]
    #expect(record.time == .max && record.observedTime == 1)
    #expect(record.traceID == [0, 255] && record.spanID == [])
    #expect(
      record.attributes == [
        LogAttribute(key: "score", value: .number(0.5)), LogAttribute(key: "score", value: .other),
      ])
  }

  @Test(arguments: [
    (#"{"intValue":"-9223372036854775808"}"#, LogAttribute.Value.integer(.min)),
    (#"{"intValue":1e3}"#, .integer(1000)), (#"{"doubleValue":"-0.5"}"#, .number(-0.5)),
    (#"{"doubleValue":"Infinity"}"#, .number(.infinity)),
    (#"{"doubleValue":1e999}"#, .number(.infinity)), (#"{"doubleValue":3}"#, .number(3)),
    (#"{"boolValue":true}"#, .bool(true)), (#"{"stringValue":"\ud83d\ude00\n"}"#, .text("😀\n")),
    (#"{"stringValue":"\ud83d"}"#, .text("\u{FFFD}")), (#"{"bytesValue":"AA=="}"#, .other),
    ("{}", .other), ("null", .other), (#"{"stringValue":null}"#, .other),
  ])
  func valuesAreThoseOfProtobufsJSON(json: String, value: LogAttribute.Value) throws {
    let request = try read(record(#""attributes":[{"key":"score","value":\#(json)}]"#))
    #expect(request.resources.first?.records.first?.attributes.first?.value == value)
  }

  @Test func notANumberIsOne() throws {
    let request = try read(
      record(#""attributes":[{"key":"score","value":{"doubleValue":"NaN"}}]"#))
    guard
      case .number(let number)? = request.resources.first?.records.first?.attributes.first?.value
    else {
      Issue.record("\(request)")
      return
    }
    #expect(number.isNaN)
  }

  @Test(arguments: [
    #""timeUnixNano":true"#, #""timeUnixNano":"-1""#, #""timeUnixNano":1.5"#,
    #""timeUnixNano":"18446744073709551616""#, #""severityText":1"#, #""attributes":{}"#,
    #""attributes":[null]"#, #""attributes":[1]"#, #""body":"text""#, #""traceId":5"#,
    #""attributes":[{"key":"score","value":{"boolValue":"true"}}]"#,
    #""attributes":[{"key":"score","value":{"doubleValue":"one"}}]"#,
    #""attributes":[{"key":"score","value":{"doubleValue":" 1"}}]"#,
    #""attributes":[{"key":"score","value":{"intValue":""}}]"#,
    #""attributes":[{"key":"score","value":{"arrayValue":[]}}]"#,
  ])
  func anotherTypeIsRefused(members: String) {
    #expect(throws: LogsError.self) { try read(record(members)) }
  }

  @Test(arguments: [
    "", " ", "[]", "null", "1", "{", "{}}", "{} {}", #"{"a":1,}"#, #"{"a" 1}"#, #"{"a":}"#, "{1:2}",
    #"{"a":[1,]}"#, #"{"a":[,1]}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#,
    #"{"a":NaN}"#, #"{"a":tru}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, "{\"a\":\"\n\"}", #"{"a":"b}"#,
    #"{"a":1 "b":2}"#, "\u{FEFF}{}", #"{"a":{"b":1]}"#, #"{,"a":1}"#,
  ])
  func whatIsNoJSONIsRefused(text: String) {
    #expect(throws: LogsError.self) { try read(text) }
  }

  @Test func textThatIsNotUTF8IsRefused() {
    #expect(throws: LogsError.self) {
      try Self.reader.read(json: Array(#"{"a":""#.utf8) + [0xED, 0xA0, 0x80] + Array("\"}".utf8))
    }
  }

  @Test func nestingIsBounded() throws {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      let value = { (depth: Int) in
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      }
      #expect(try read(#"{"a":\#(value(511))}"#) == LogsRequest())
      #expect(throws: LogsError.self) { try read(#"{"a":\#(value(512))}"#) }
      #expect(throws: LogsError.self) { try read(#"{"a":\#(value(100_000))}"#) }
    }
    let arrays = String(repeating: #"{"arrayValue":{"values":["#, count: 100_000)
    #expect(throws: LogsError.self) { try read(record(#""body":\#(arrays)"#)) }
  }
}
