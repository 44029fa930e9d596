import Testing

extension EndToEndTests {
  struct OddRequestsTests {
    @Test func whatNoClientShouldSendGetsASaneAnswer() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      try exporter.withstands("odd_requests.py")
      #expect(exporter.stop() == 0)
    }
  }
}
