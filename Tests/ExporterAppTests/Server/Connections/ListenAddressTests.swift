import Testing

@testable import ExporterApp

struct ListenAddressTests {
  @Test(arguments: [
    ("127.0.0.1:10077", "127.0.0.1:10077"), (":9", "0.0.0.0:9"), ("[::1]:0", "[::1]:0"),
    ("localhost:65535", "localhost:65535"),
  ])
  func anAddressIsHostAndPort(text: String, expected: String) {
    #expect(ListenAddress(text)?.description == expected)
  }

  @Test(arguments: ["", "9", "host", "host:", "host:x", "host:65536", "host:-1", "::1:9", "[x]:9"])
  func whatIsNoAddressIsRefused(text: String) {
    #expect(ListenAddress(text) == nil)
  }

  @Test(arguments: [("/metrics", true), ("/a/b-c.d_e~f", true), ("/", false), ("metrics", false)])
  func aTelemetryPathIsPlain(path: String, isGood: Bool) {
    #expect(ServeOptions.isTelemetryPath(path) == isGood)
  }

  @Test(arguments: ["/-/healthy", "/-/reload", "/a b", "/a?b", "/é", "/a%20b"])
  func aTelemetryPathIsNotTheExportersOwnAndNeedsNoEscapes(path: String) {
    #expect(!ServeOptions.isTelemetryPath(path))
  }
}
