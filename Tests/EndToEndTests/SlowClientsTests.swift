import Testing

extension EndToEndTests {
  struct SlowClientsTests {
    @Test func clientsThatNeverFinishAskingAreClosed() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      try exporter.withstands("slow_clients.py")
      #expect(exporter.stop() == 0)
    }

    @Test func slowhttptestDelaysNoScrape() async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      try exporter.withstands("attack.py", ["--seconds", "4"])
      #expect(exporter.stop() == 0)
    }
  }
}
