/// A piece of an HTML document.
///
/// It is made of elements, attributes and text, and all text is escaped on its way in: no function
/// takes markup, so nothing that somebody named can become any. The one exception is ``InlineAsset``,
/// which holds a constant of the program.
struct HTML: Hashable, Sendable {
  /// The bytes of the document, as text.
  private(set) var markup = ""

  static let empty = HTML()

  static func text(_ text: String) -> HTML {
    var html = HTML()
    html.appendEscaped(text)
    return html
  }

  /// The document that has `self` as its only element.
  var asDocument: HTML {
    var html = HTML()
    html.markup = "<!doctype html>\n" + markup + "\n"
    return html
  }

  mutating func append(_ other: HTML) { markup += other.markup }

  /// - Parameter content: `nil` for an element that can have none, such as `input`.
  static func element(
    _ name: StaticString, _ attributes: [Attribute?], content: HTML?
  ) -> HTML {
    var html = HTML()
    html.markup = "<\(name)"
    for case let attribute? in attributes {
      html.markup += " \(attribute.name)"
      guard let value = attribute.value else { continue }
      html.markup += "=\""
      html.appendEscaped(value)
      html.markup += "\""
    }
    html.markup += ">"
    guard let content else { return html }
    html.markup += content.markup
    html.markup += "</\(name)>"
    return html
  }

  /// An element whose content is a style sheet or a script.
  static func element(_ name: StaticString, asset: InlineAsset) -> HTML {
    var html = HTML()
    html.markup = "<\(name)>\(asset.text)</\(name)>"
    return html
  }

  /// Escapes by unicode scalars: a quote followed by a combining mark is one Character, and no quote.
  ///
  /// HTML has no way to write U+0000, and takes a bare CR for LF.
  private mutating func appendEscaped(_ text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": markup += "&amp;"
      case "<": markup += "&lt;"
      case ">": markup += "&gt;"
      case "\"": markup += "&quot;"
      case "'": markup += "&#39;"
      case "\r": markup += "&#13;"
      case "\0": markup.unicodeScalars.append("\u{fffd}")
      default: markup.unicodeScalars.append(scalar)
      }
    }
  }
}

/// Puts pieces of HTML and text, which is escaped, one after the other.
@resultBuilder
enum HTMLBuilder {
  static func buildExpression(_ html: HTML) -> HTML { html }
  static func buildExpression(_ text: String) -> HTML { .text(text) }
  static func buildBlock(_ parts: HTML...) -> HTML { joined(parts) }
  static func buildArray(_ parts: [HTML]) -> HTML { joined(parts) }
  static func buildOptional(_ part: HTML?) -> HTML { part ?? .empty }
  static func buildEither(first part: HTML) -> HTML { part }
  static func buildEither(second part: HTML) -> HTML { part }

  private static func joined(_ parts: [HTML]) -> HTML {
    parts.reduce(into: HTML()) { $0.append($1) }
  }
}
