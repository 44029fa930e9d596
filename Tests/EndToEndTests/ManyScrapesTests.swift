import Testing

extension EndToEndTests {
  struct ManyScrapesTests {
    @Test func fiveHundredScrapesAtOnceAreAllAnswered() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      try exporter.withstands("many_scrapes.py", ["500"])
      #expect(exporter.stop() == 0)
    }
  }
}
