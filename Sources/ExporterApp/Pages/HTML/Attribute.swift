/// One attribute of an element. Its value is escaped where it is written.
///
/// There is none for a style or an event: the policy of the pages forbids them. Addresses are links
/// that the exporter made.
struct Attribute: Hashable, Sendable {
  let name: String
  /// `nil` for an attribute that is there or not.
  let value: String?

  private init(_ name: StaticString, _ value: String?) {
    self.name = "\(name)"
    self.value = value
  }

  static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
  static func id(_ id: String) -> Attribute { Attribute("id", id) }
  static func lang(_ language: String) -> Attribute { Attribute("lang", language) }
  static func charset(_ name: String) -> Attribute { Attribute("charset", name) }
  static func name(_ name: String) -> Attribute { Attribute("name", name) }
  static func content(_ text: String) -> Attribute { Attribute("content", text) }
  static func title(_ text: String) -> Attribute { Attribute("title", text) }
  static func href(_ link: Link) -> Attribute { Attribute("href", link.text) }
  /// To an element of the same page.
  static func href(id: String) -> Attribute { Attribute("href", "#" + id) }
  /// An address of nothing.
  static let emptyPicture = Attribute("href", "data:,")
  static func rel(_ kind: String) -> Attribute { Attribute("rel", kind) }
  static func action(_ link: Link) -> Attribute { Attribute("action", link.text) }
  static func method(_ name: String) -> Attribute { Attribute("method", name) }
  static func type(_ kind: String) -> Attribute { Attribute("type", kind) }
  static func value(_ text: String) -> Attribute { Attribute("value", text) }
  static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
  static func placeholder(_ text: String) -> Attribute { Attribute("placeholder", text) }
  static func autocomplete(_ text: String) -> Attribute { Attribute("autocomplete", text) }
  static func dateTime(_ text: String) -> Attribute { Attribute("datetime", text) }
  static func scope(_ text: String) -> Attribute { Attribute("scope", text) }
  static func colSpan(_ count: Int) -> Attribute { Attribute("colspan", String(count)) }
  static func role(_ role: String) -> Attribute { Attribute("role", role) }
  static func tabIndex(_ index: Int) -> Attribute { Attribute("tabindex", String(index)) }
  static let selected = Attribute("selected", nil)
  static let open = Attribute("open", nil)
  static let hidden = Attribute("hidden", nil)

  static func aria(_ name: Aria, _ value: String) -> Attribute { Attribute(name.text, value) }
  static func data(_ name: DataName, _ value: String) -> Attribute { Attribute(name.text, value) }

  /// A presentation attribute of SVG.
  static func svg(_ name: StaticString, _ value: String) -> Attribute { Attribute(name, value) }
  static func svg(_ name: StaticString, _ value: Int) -> Attribute {
    Attribute(name, String(value))
  }
  /// A length in percent of the picture, with two decimals.
  static func svg(_ name: StaticString, percent: Double) -> Attribute {
    Attribute(name, Decimal(percent, places: 2).text + "%")
  }

  enum Aria: Sendable {
    case label, labelledBy, describedBy, hidden, current, live, expanded

    fileprivate var text: StaticString {
      switch self {
      case .label: "aria-label"
      case .labelledBy: "aria-labelledby"
      case .describedBy: "aria-describedby"
      case .hidden: "aria-hidden"
      case .current: "aria-current"
      case .live: "aria-live"
      case .expanded: "aria-expanded"
      }
    }
  }

  /// What the script and the style sheet read.
  enum DataName: Sendable {
    case label, events, query

    fileprivate var text: StaticString {
      switch self {
      case .label: "data-label"
      case .events: "data-events"
      case .query: "data-query"
      }
    }
  }
}
