import Testing

@testable import ExporterApp

struct WebAddressTests {
  @Test(
    arguments: [
      (nil, nil, "", "/agent", "/agent"),
      (
        "http://example.org/reflexive", nil, "/reflexive", "/reflexive/agent",
        "http://example.org/reflexive/agent"
      ),
      (
        "https://example.org:8443/a/b/", nil, "/a/b", "/a/b/agent",
        "https://example.org:8443/a/b/agent"
      ),
      (
        "http://example.org/reflexive", "/", "", "/reflexive/agent",
        "http://example.org/reflexive/agent"
      ),
      ("http://example.org", "inner/", "/inner", "/agent", "http://example.org/agent"),
      (nil, "/inner", "/inner", "/inner/agent", "/inner/agent"),
      ("/reflexive", nil, "/reflexive", "/reflexive/agent", "/reflexive/agent"),
      ("HTTP://[::1]:80", nil, "", "/agent", "http://[::1]:80/agent"),
    ] as [(String?, String?, String, String, String)])
  func routesAndLinksHaveTheirPrefix(
    externalURL: String?, routePrefix: String?, routes: String, link: String, url: String
  ) throws {
    let address = try WebAddress(externalURL: externalURL, routePrefix: routePrefix)
    #expect(address.routePrefix == routes)
    #expect(address.link("/agent").text == link)
    #expect(address.url(address.link("/agent")) == url)
  }

  @Test(arguments: [
    "ftp://example.org", "http://", "http:///path", "example.org", "http://a b/", "http://a/?q",
    "http://a/#f", "http://u:p@a/", "http://a/{x}", "http://a/%41", "\"http://a/\"",
    "http://a/../b",
  ])
  func anotherURLIsRefused(url: String) {
    #expect(throws: WebAddress.Refusal.externalURL) {
      try WebAddress(externalURL: url, routePrefix: nil)
    }
  }

  @Test(arguments: ["/a b", "/{id}", "/:id", "/*", "/ä", "/..", "/a?b"])
  func anotherPrefixIsRefused(prefix: String) {
    #expect(throws: WebAddress.Refusal.routePrefix) {
      try WebAddress(externalURL: nil, routePrefix: prefix)
    }
  }

  @Test func namesAreEncodedInLinks() {
    let link = WebAddress.root.link("/agent", [("store", "a&b=c"), ("agent", "\0é \"'<%")])
    #expect(link.text == "/agent?store=a%26b%3Dc&agent=%00%C3%A9%20%22%27%3C%25")
  }
}

struct QueryParametersTests {
  private func parse(_ query: String) throws -> QueryParameters {
    try QueryParameters(query: query, allowed: ["agent", "store"])
  }

  @Test(arguments: [
    ("agent=x", "x"), ("agent=a%26b%3D%00%C3%A9", "a&b=\0é"), ("agent=a+b", "a b"),
    ("agent=a=b", "a=b"), ("agent==\u{301}", "=\u{301}"), ("&&agent=x&", "x"), ("%61gent=x", "x"),
  ])
  func valuesAreDecoded(query: String, value: String) throws {
    #expect(try parse(query)["agent"].map { Array($0.utf8) } == Array(value.utf8))
  }

  @Test(arguments: ["", "agent", "agent=", "store=s"])
  func anEmptyValueCountsAsAbsent(query: String) throws {
    #expect(try parse(query)["agent"] == nil)
  }

  @Test(arguments: [
    ("gate=x", "gate: there is no such parameter here: expected one of agent, store"),
    ("agent=x&agent=y", "agent: \"y\" is not allowed: it is there twice: expected it once"),
    ("agent=%ff", "agent: \"%ff\" is not allowed: expected UTF-8, percent-encoded"),
    ("agent=%4", "agent: \"%4\" is not allowed: expected UTF-8, percent-encoded"),
    ("agent=%zz", "agent: \"%zz\" is not allowed: expected UTF-8, percent-encoded"),
    ("%ff=1", "%ff: expected UTF-8, percent-encoded"),
  ])
  func aBadQueryIsSaid(query: String, sentence: String) {
    let problem = #expect(throws: QueryParameters.Problem.self) { try parse(query) }
    #expect(problem?.sentence == sentence)
  }

  @Test func everyByteComesBack() throws {
    let name = String(String.UnicodeScalarView((0...0x7ff).compactMap(UnicodeScalar.init)))
    let query = "agent=" + PercentEncoding.encode(name)
    #expect(query.utf8.allSatisfy { $0 < 128 })
    #expect(try parse(query)["agent"].map { Array($0.utf8) } == Array(name.utf8))
  }
}
