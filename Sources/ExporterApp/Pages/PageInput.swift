import ConfigurationFiles
import Following
import HTTPTypes
import ReflexiveCore

/// What a page is made from: a request, and one moment of everything that is followed.
struct PageInput: Sendable {
  let parameters: QueryParameters
  let context: PageContext
  let configuration: ExporterConfiguration
  let reload: ReloadStatus
  let stores: [DetailedSnapshot]

  var now: UnixTime { context.now }

  func range() throws(PageRefusal) -> PageRange {
    let windows = configuration.windows
    let text = parameters["range"]
    guard let range = PageRange(text, windows: windows) else {
      let labels = (windows.map(\.label) + [Window.allLabel]).joined(separator: ", ")
      throw .bad(
        QueryParameters.Problem(
          parameter: "range", value: text, reason: "expected one of \(labels)"))
    }
    return range
  }

  /// The store of the parameter `store`, or the only one that there is.
  func store() throws(PageRefusal) -> DetailedSnapshot {
    guard let name = parameters["store"] else {
      guard let only = stores.first, stores.count == 1 else { throw .storeMissing(self) }
      return only
    }
    guard let store = stores.first(where: { LabelValue($0.store.name) == LabelValue(name) }) else {
      throw .unknownStore(name, self)
    }
    return store
  }

  func report(_ range: PageRange) throws(PageRefusal) -> StoreReport {
    StoreReport(try store(), range: range.label, now: now)
  }

  /// A parameter that the page can't do without.
  func name(_ parameter: String) throws(PageRefusal) -> LabelValue {
    guard let name = parameters[parameter] else {
      throw .bad(
        QueryParameters.Problem(
          parameter: parameter, reason: "it is missing: expected the name of one"))
    }
    return LabelValue(name)
  }
}

/// A page that says why there is no other.
struct PageRefusal: Error, Sendable {
  var page: Page

  static func bad(_ problem: QueryParameters.Problem) -> PageRefusal {
    PageRefusal(
      page: Page(
        status: .badRequest, heading: "Bad request", title: "Bad request",
        content: Tag.p { problem.sentence }))
  }

  static func storeMissing(_ input: PageInput) -> PageRefusal {
    PageRefusal(
      page: Page(
        status: .badRequest, heading: "Which store?", title: "Which store?",
        content: input.stores.isEmpty
          ? Tag.p { "No store is followed." }
          : HTML.joined {
            Tag.p { "Several stores are followed. Choose one:" }
            storeList(input)
          }))
  }

  static func unknownStore(_ name: String, _ input: PageInput) -> PageRefusal {
    PageRefusal(
      page: Page(
        status: .notFound, heading: "No such store", title: "No such store",
        content: HTML.joined {
          Tag.p {
            "There is no store "
            HTML.name(name)
            ". These are followed:"
          }
          storeList(input)
        }))
  }

  /// The same page for each store.
  private static func storeList(_ input: PageInput) -> HTML {
    Tag.ul {
      for store in input.stores {
        Tag.li {
          Tag.a(.href(input.context.here(with: "store", store.store.name))) {
            HTML.name(store.store.name)
          }
        }
      }
    }
  }

  /// - Parameters:
  ///   - kind: `agent`, `gate` or `subject`, as the parameter is named.
  ///   - known: those that there are.
  static func unknown(
    _ kind: String, _ name: LabelValue, in store: StoreSnapshot, known: [LabelValue],
    _ input: PageInput
  ) -> PageRefusal {
    let shown = known.prefix(500)
    return PageRefusal(
      page: Page(
        status: .notFound, heading: .text("No such \(kind)"), title: "No such \(kind)",
        content: HTML.joined {
          Tag.p {
            "The store "
            HTML.name(store.name)
            " has no \(kind) "
            HTML.name(name.text)
            store.evidence == nil ? ". It has not been read to its end yet." : "."
          }
          if !shown.isEmpty {
            Tag.p { "It has:" }
            Tag.ul {
              for name in shown {
                Tag.li {
                  Tag.a(.href(input.context.here(with: kind, name.text))) { HTML.name(name.text) }
                }
              }
            }
          }
        }))
  }
}

extension HTML: ExpressibleByStringLiteral {
  /// A literal is text, and escaped as every text is.
  init(stringLiteral text: String) { self = .text(text) }
}
