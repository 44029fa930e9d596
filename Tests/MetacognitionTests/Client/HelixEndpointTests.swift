import ReflexiveCore
import Testing

@testable import Metacognition

struct HelixEndpointTests {
  private let key = "sk-live-0123456789abcdef"

  @Test func bothVariablesAreReadAndAnEmptyKeyIsNone() throws {
    let both = try HelixEndpoint.fromEnvironment([
      "HELIX_QSR_URL": "https://helix.example.com/api/qsr?team=a", "HELIX_API_KEY": key,
    ])
    #expect(both.url == "https://helix.example.com/api/qsr?team=a")
    #expect(both.shownURL == "https://helix.example.com/api/qsr")
    #expect(both.key?.secret == key)
    let one = try HelixEndpoint.fromEnvironment([
      "HELIX_QSR_URL": "http://127.0.0.1:9010/api/qsr", "HELIX_API_KEY": "",
    ])
    #expect(one.key == nil)
  }

  @Test func withoutAURLTheErrorNamesTheVariable() {
    for environment in [[:], ["HELIX_QSR_URL": "", "HELIX_API_KEY": key]] {
      let error = #expect(throws: HelixQSRError.self) {
        try HelixEndpoint.fromEnvironment(environment)
      }
      #expect(error == .missingURL)
      #expect(error?.description.contains("HELIX_QSR_URL") == true)
    }
  }

  @Test func whatIsNoURLIsNotShownForItMayBeTheKey() {
    for url in [key, "ftp://host/", "https://", "helix.example.com/api", "https://a:\(key)@host/"] {
      let error = #expect(throws: HelixQSRError.self) {
        try HelixEndpoint.fromEnvironment(["HELIX_QSR_URL": url])
      }
      #expect(error?.description.contains(key) == false)
    }
    let exchanged = #expect(throws: HelixQSRError.self) {
      try HelixEndpoint.fromEnvironment([
        "HELIX_QSR_URL": key, "HELIX_API_KEY": "https://helix.example.com/",
      ])
    }
    #expect(exchanged?.description.contains("exchanged") == true)
    #expect(exchanged?.description.contains(key) == false)
  }

  @Test func aKeyThatCannotStandInAHeaderIsRefusedUnseen() {
    for bad in [key + "\n", key + "\r\nX: y", "a b" + key, key + "é", ""] {
      let error = #expect(throws: HelixQSRError.self) { try HelixAPIKey(bad) }
      #expect(error?.description.contains(key) == false)
    }
  }

  @Test func noDescriptionMirrorOrDumpShowsTheKey() throws {
    let secret = try HelixAPIKey(key)
    let endpoint = try HelixEndpoint(url: "https://host/\(key)", key: secret)
    let client = HelixQSRClient(endpoint)
    for value: Any in [
      secret, endpoint, client, [secret], ["k": endpoint], Optional(secret) as Any,
    ] {
      var dumped = ""
      dump(value, to: &dumped)
      let texts = ["\(value)", String(reflecting: value), dumped, "\(Mirror(reflecting: value))"]
      for text in texts where !text.contains("https://host") {
        #expect(!text.contains(key), "\(text)")
      }
    }
    #expect(Mirror(reflecting: secret).children.isEmpty)
    #expect(!endpoint.shownURL.contains(key))
  }

  @Test func aRetryAfterIsSecondsOrADate() {
    let now = UnixTime(seconds: 784_111_760, nanoseconds: 0)
    #expect(RetryAfter.wait("3", now: now) == .seconds(3))
    #expect(RetryAfter.wait("0", now: now) == .zero)
    #expect(RetryAfter.wait("Sun, 06 Nov 1994 08:49:37 GMT", now: now) == .seconds(17))
    #expect(RetryAfter.wait("Sun, 06 Nov 1994 08:00:00 GMT", now: now) == .zero)
    for text in [
      "", "-1", "1.5", "soon", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 99 Nov 1994 x GMT",
    ] {
      #expect(RetryAfter.wait(text, now: now) == nil)
    }
  }

  @Test func waitsDoubleUpToTheLongestAndAreDrawnBelowThat() {
    let policy = RetryPolicy()
    #expect(policy.wait(after: 1, isThrottled: false, random: 1) == .milliseconds(50))
    #expect(policy.wait(after: 2, isThrottled: false, random: 1) == .milliseconds(100))
    #expect(policy.wait(after: 2, isThrottled: true, random: 0.5) == .seconds(1))
    #expect(policy.wait(after: 60, isThrottled: false, random: 1) == .seconds(20))
    #expect(policy.wait(after: 1, isThrottled: true, random: 0) == .zero)
  }
}
