import LinuxSystem
import Testing

@testable import ExporterApp

struct ListenAddressTests {
  @Test(arguments: [
    ("127.0.0.1:10077", "127.0.0.1:10077"), (":9", ":9"), ("[::1]:0", "[::1]:0"),
    ("localhost:65535", "localhost:65535"), ("0.0.0.0:9", "0.0.0.0:9"), ("[::]:9", "[::]:9"),
    ("[fe80::1%eth0]:9", "[fe80::1%eth0]:9"), ("a-b.example_1:9", "a-b.example_1:9"),
    ("1.example:9", "1.example:9"),
  ])
  func anAddressIsHostAndPort(text: String, expected: String) {
    #expect(ListenAddress(text)?.description == expected)
  }

  @Test(arguments: [
    "", "9", "host", "host:", "host:x", "host:65536", "host:-1", "::1:9", "[x]:9", "*:9", " :9",
    "a b:9", "256.1.1.1:9", "1.2.3:9", "127.1:9", "0:9", "010.0.0.1:9", "[127.0.0.1]:9", "[1:2]:9",
    "[::1%]:9", "[::1:9", "::1]:9", "-a:9", "a-:9", "a..b:9", ".:9", "http://a:9", "a:9/", "ä:9",
    "a\u{0}:9", "a:\u{663}", "a:9\r\n",
  ])
  func whatIsNoAddressIsRefused(text: String) {
    #expect(ListenAddress(text) == nil)
  }

  @Test(arguments: [
    (":9", EveryAddress.oneSocket, ["::"]), (":9", .twoSockets, ["::", "0.0.0.0"]),
    (":9", .ipv4Only, ["0.0.0.0"]), ("[::1]:9", .twoSockets, ["::1"]),
    ("0.0.0.0:9", .oneSocket, ["0.0.0.0"]),
  ])
  func noHostIsEveryAddress(text: String, everyAddress: EveryAddress, hosts: [String]) {
    #expect(ListenAddress(text)?.hosts(of: everyAddress) == hosts)
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
