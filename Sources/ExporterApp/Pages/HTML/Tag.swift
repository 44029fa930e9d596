/// An element by its name: `Tag.p(.class("note")) { "text" }`.
struct Tag: Sendable {
  private let name: StaticString
  private let isVoid: Bool

  private init(_ name: StaticString, isVoid: Bool = false) {
    self.name = name
    self.isVoid = isVoid
  }

  func callAsFunction(
    _ attributes: Attribute?..., @HTMLBuilder content: () -> HTML = { .empty }
  ) -> HTML {
    HTML.element(name, attributes, content: isVoid ? nil : content())
  }

  static let html = Tag("html")
  static let head = Tag("head")
  static let meta = Tag("meta", isVoid: true)
  static let link = Tag("link", isVoid: true)
  static let title = Tag("title")
  static let body = Tag("body")
  static let header = Tag("header")
  static let nav = Tag("nav")
  static let main = Tag("main")
  static let footer = Tag("footer")
  static let section = Tag("section")
  static let div = Tag("div")
  static let span = Tag("span")
  static let h1 = Tag("h1")
  static let h2 = Tag("h2")
  static let h3 = Tag("h3")
  static let p = Tag("p")
  static let a = Tag("a")
  static let ul = Tag("ul")
  static let ol = Tag("ol")
  static let li = Tag("li")
  static let dl = Tag("dl")
  static let dt = Tag("dt")
  static let dd = Tag("dd")
  static let code = Tag("code")
  static let pre = Tag("pre")
  static let bdi = Tag("bdi")
  static let strong = Tag("strong")
  /// Where a word may end a line.
  static let wordBreak = Tag("wbr", isVoid: true)
  static let small = Tag("small")
  static let time = Tag("time")
  static let data = Tag("data")
  static let figure = Tag("figure")
  static let figcaption = Tag("figcaption")
  static let details = Tag("details")
  static let summary = Tag("summary")
  static let table = Tag("table")
  static let caption = Tag("caption")
  static let thead = Tag("thead")
  static let tbody = Tag("tbody")
  static let tr = Tag("tr")
  static let th = Tag("th")
  static let td = Tag("td")
  static let form = Tag("form")
  static let fieldset = Tag("fieldset")
  static let legend = Tag("legend")
  static let label = Tag("label")
  static let input = Tag("input", isVoid: true)
  static let select = Tag("select")
  static let option = Tag("option")
  static let button = Tag("button")

  // MARK: - SVG

  static let svg = Tag("svg")
  static let g = Tag("g")
  static let desc = Tag("desc")
  static let line = Tag("line")
  static let rect = Tag("rect")
  static let circle = Tag("circle")
  static let polyline = Tag("polyline")
  static let path = Tag("path")
  static let text = Tag("text")
}
