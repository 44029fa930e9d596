import Testing

@testable import ExporterApp

struct LandingPageTests {
  @Test func markupIsEscapedByScalars() {
    #expect(LandingPage.escape("<a href='x'>\"&") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;")
    #expect(LandingPage.escape("<\u{338}\"\u{301}") == "&lt;\u{338}&quot;\u{301}")
  }
}
