import Testing

extension EndToEndTests {
  /// A browser takes the names of agents, gates, events and files, and URLs, as text.
  struct BrowserTests {
    private static let script = "<script>document.title='owned';console.log(1)</script>"
    private static let names = [
      script, "</pre></title></style>" + script,
      "\"'><img src=x onerror=\"document.title='owned'\">",
      "<\u{301}script>document.title='owned'</script>", "\u{feff}<!doctype html><html>" + script,
      "]]>--><svg onload=document.title='owned'>", "{{7*7}}${7*7}", "javascript:alert(1)",
    ]

    /// Without this, the test below would prove nothing.
    @Test func aScriptThatRunsWouldBeSeen() throws {
      let page = "data:text/html,<title>mine</title><script>document.title='owned';"
      let view = try Browser.open(page + "console.log('ran')</script>")
      #expect(view.title == "owned" && view.elements.contains("script"))
      #expect(view.console.count == 1)
    }

    @Test func nothingThatSomebodyNamesIsMarkup() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("<b onclick=alert(1)>'\"&.db"))
      try table.record(
        Self.names.flatMap { name in
          let quoted = name.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\\\"")
          return [
            ("metacognitive_agent_execution", #"{"agent": "\#(quoted)", "output_quality": 0.5}"#),
            (
              "quality_gate_evaluation",
              #"{"gate": "\#(quoted)", "self_assessment": {"consistency": 0.5}}"#
            ),
            (name, #"{"rmm_score": 0.5}"#),
          ]
        })
      let exporter = try await Exporter.follow(table.path)
      let page = try exporter.scrape()
      #expect(page.series("reflexive_agent_executions_total") == Self.names.count)
      let text: Set<Substring> = ["html", "head", "meta", "body", "pre"]
      for path in ["/metrics", "/-/ready", "/" + Self.script] {
        let view = try Browser.open(exporter.url + path)
        #expect(view.title == nil)
        #expect(view.elements.isSubset(of: text), "\(path)")
        #expect(view.console.isEmpty, "\(path)")
      }
      let tool = try Tool.python("pages_check.py", ["hostile", exporter.url])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors.suffix(2000))")
    }
  }
}
