import Testing

@testable import ExporterApp

struct JSONIndenterTests {
  @Test(arguments: [
    ("{}", "{}"), ("[ ]", "[]"), ("{\"a\":1}", "{\n  \"a\": 1\n}"),
    ("[1,\n2,{\"b\" : [ ]}]", "[\n  1,\n  2,\n  {\n    \"b\": []\n  }\n]"),
    (#"{"a{[,:":"\"}"}"#, "{\n  \"a{[,:\": \"\\\"}\"\n}"), ("NaN", "NaN"), ("]", "\n]"),
  ])
  func eachValueStandsOnALine(json: String, indented: String) {
    #expect(String(decoding: JSONIndenter.indent(Array(json.utf8)), as: UTF8.self) == indented)
  }

  @Test func nestingDoesNotMakeItLongWithoutBound() {
    let json = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(JSONIndenter.indent(Array(json.utf8)).count < 1000 * 82)
  }
}
