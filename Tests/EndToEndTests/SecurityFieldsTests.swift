import Testing

extension EndToEndTests {
  struct SecurityFieldsTests {
    @Test(arguments: ["/metrics", "/", "/-/healthy", "/-/ready", "/-/reload", "/nothing"])
    func everyAnswerIsForNobodysFrameScriptOrCache(path: String) async throws {
      let exporter = try await Exporter.start(["--store", "/does/not/exist.db"])
      let headers = try exporter.get(path).headers
      for field in [
        "x-content-type-options: nosniff", "cache-control: no-store", "x-frame-options: deny",
        "referrer-policy: no-referrer", "frame-ancestors 'none'", "default-src 'none'",
      ] {
        #expect(headers.contains(field), "\(field) in \(headers)")
      }
      #expect(headers.matches(of: /content-security-policy:/).count == 1)
    }
  }
}
