import ReflexiveCore
import Testing

struct TextEscapeTests {
  @Test(arguments: [
    ("a \"b\" \\ c", #"a \"b\" \\ c"#, #"a \"b\" \\ c"#),
    ("1\n2\r3\t", #"1\n2\r3\t"#, #"1\n2\r3\t"#),
    ("\u{0}\u{1b}", #"\u0000\u001b"#, #"\u{0}\u{1b}"#),
    ("\u{202e}\u{2028}\u{ad}", #"\u202e\u2028\u00ad"#, #"\u{202e}\u{2028}\u{ad}"#),
    ("\u{e0001}", #"\udb40\udc01"#, #"\u{e0001}"#), ("é 統 😀", "é 統 😀", "é 統 😀"),
    // U+0301 joins the quote before it into one `Character`.
    ("\"\u{301}", "\\\"\u{301}", "\\\"\u{301}"),
  ])
  func whatEndsALineOrShowsNothingIsWrittenOut(text: String, json: String, braces: String) {
    #expect(TextEscape.json.escape(text).unicodeScalars.elementsEqual(json.unicodeScalars))
    #expect(TextEscape.braces.escape(text).unicodeScalars.elementsEqual(braces.unicodeScalars))
  }
}
