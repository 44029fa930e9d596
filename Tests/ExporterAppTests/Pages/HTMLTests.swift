import Testing

@testable import ExporterApp

struct HTMLTests {
  @Test func textIsEscapedByScalars() {
    #expect(HTML.text("<a href='x'>\"&").markup == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;")
    #expect(HTML.text("<\u{338}\"\u{301}").markup == "&lt;\u{338}&quot;\u{301}")
  }

  @Test func textHasNoCharacterThatHTMLCannotHold() {
    #expect(HTML.text("a\0b\rc").markup == "a\u{fffd}b&#13;c")
  }

  @Test func valuesOfAttributesAreEscaped() {
    let html = Tag.a(.title("\" onclick='x'<\u{338}"), .class("a&b")) { "<b>" }
    #expect(
      html.markup
        == "<a title=\"&quot; onclick=&#39;x&#39;&lt;\u{338}\" class=\"a&amp;b\">&lt;b&gt;</a>")
  }

  @Test func piecesStandOneAfterTheOther() {
    let names = ["x", "y"]
    let html = Tag.ul {
      for name in names { Tag.li { name } }
      if names.isEmpty { "none" } else { Tag.li(.hidden) }
      if names.count > 5 { "many" }
    }
    #expect(html.markup == "<ul><li>x</li><li>y</li><li hidden></li></ul>")
  }

  @Test func anEmptyElementHasNoEnd() {
    #expect(Tag.input(.name("a"), .value("<")).markup == "<input name=\"a\" value=\"&lt;\">")
  }

  @Test func assetsEndNoElementAndAreNamedByTheirHash() {
    for asset in [InlineAsset.styleSheet, .script] {
      #expect(!asset.text.contains("</"))
      #expect(PageRoutes.policy.contains(asset.source))
      let hash = Base64.encode(SHA256.hash(Array(asset.text.utf8)))
      #expect(asset.source == "'sha256-\(hash)'")
    }
    // printf abc | openssl dgst -sha256 -binary | base64
    let hash = Base64.encode(SHA256.hash(Array("abc".utf8)))
    #expect(hash == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
  ])
  func base64IsThatOfTheStandard(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
  }

  @Test(arguments: [
    (0.5, 4, "0.5"), (0.8445776954, 4, "0.8446"), (1, 4, "1"), (-0.00004, 4, "0"),
    (-0.25, 2, "\u{2212}0.25"), (0.999999, 4, "1"), (12.5, 0, "13"), (1e300, 2, "1e+300"),
    (.nan, 2, "nan"),
  ])
  func numbersAreRounded(number: Double, places: Int, text: String) {
    #expect(Decimal(number, places: places).text == text)
  }

  @Test func paddedNumbersAreAligned() {
    #expect(Decimal(0.5, places: 4, isPadded: true).text == "0.5000")
    #expect(Decimal(2, places: 0, isPadded: true).text == "2")
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "\u{2212}1,234,567")])
  func countsHaveGroups(count: Int, text: String) {
    #expect(Decimal(count).text == text)
  }

  @Test func aScoreIsShownOnItsSideOfTheLimit() {
    #expect(HTML.score(0.599999999, limit: 0.6).markup.contains(">0.599999999<"))
    #expect(HTML.score(0.6, limit: 0.6).markup == "<data value=\"0.6\">0.6000</data>")
    #expect(HTML.score(nil).markup == "–")
  }

  @Test(arguments: [
    ("a\u{202e}b", "a\\u{202e}b"), ("\n", "\\u{a}"), ("\u{0}", "\\u{0}"), ("é😀", "é😀"),
    ("👩\u{200d}🔬", "👩\u{200d}🔬"), ("\u{200d}", "\\u{200d}"), ("\u{feff}", "\\u{feff}"),
  ])
  func whatShowsNothingIsWrittenOut(name: String, shown: String) {
    #expect(visible(name).unicodeScalars.elementsEqual(shown.unicodeScalars))
  }
}
