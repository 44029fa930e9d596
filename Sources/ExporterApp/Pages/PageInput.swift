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
  let followed: [FollowedStore]
  let queries: EvidenceQueries
  /// Whether there are streams of events to listen to.
  let hasEvents: Bool

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

  /// What the script of a page listens to; `nil` where there are no streams.
  ///
  /// - Parameters:
  ///   - range: of the verdicts that the page shows.
  ///   - filter: which of the new rows count, as parameters.
  ///   - newest: the highest id that the page knows of; that of the snapshot if it is left out.
  func live(
    _ report: StoreReport, over range: PageRange? = nil,
    filter: [(name: String, value: String)] = [], newest: Int64? = nil
  ) -> Page.Live? {
    guard hasEvents else { return nil }
    let store = [(name: "store", value: report.name)]
    let newest = newest ?? report.snapshot.status.tailID
    return Page.Live(
      events: context.link("/api/v1/events", store + (range.map { [("range", $0.label)] } ?? [])),
      rows: context.link(
        "/api/v1/evidence", store + filter + [("after", String(newest)), ("limit", "100")]),
      reload: context.link(context.path, context.query))
  }

  /// Asks for rows of the page's store.
  ///
  /// - Parameter parameters: what was asked, for the page that says why there is no answer.
  func answer<Answer: Sendable>(
    _ parameters: EvidenceParameters,
    _ question: (EvidenceQueries, FollowedStore) async throws(EvidenceQueries.Failure) -> Answer
  ) async throws(PageRefusal) -> Answer {
    let name = LabelValue(try store().store.name)
    guard let store = followed.first(where: { LabelValue($0.name) == name }) else {
      throw .unknownStore(name.text, self)
    }
    do throws(EvidenceQueries.Failure) {
      return try await question(queries, store)
    } catch {
      throw .noAnswer(error, parameters)
    }
  }

  /// The newest rows of the page's store that a filter asks for, or why they can't be shown.
  func rows(
    _ filter: EvidenceFilter, after: Int64? = nil, before: Int64? = nil, limit: Int
  ) async throws(PageRefusal) -> Result<[ListedEvidence], EvidenceQueries.Failure> {
    let name = LabelValue(try store().store.name)
    guard let store = followed.first(where: { LabelValue($0.name) == name }) else {
      return .success([])
    }
    do throws(EvidenceQueries.Failure) {
      let request = PageRequest(before: before, after: after, limit: limit, isCounting: false)
      return .success(try await queries.page(of: store, filter, request).rows)
    } catch {
      return .failure(error)
    }
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

  /// The agent, gate or subject of this name in a store.
  ///
  /// - Parameter kind: `agent`, `gate` or `subject`, as the parameter is named.
  func find<Named>(
    _ kind: String, _ name: LabelValue, in store: StoreSnapshot,
    among list: (EvidenceSnapshot) -> [Named], _ nameOf: KeyPath<Named, LabelValue>
  ) throws(PageRefusal) -> Named {
    let all = store.evidence.map(list) ?? []
    guard let found = all.first(where: { $0[keyPath: nameOf] == name }) else {
      throw .unknown(kind, name, in: store, known: all.map { $0[keyPath: nameOf] }, self)
    }
    return found
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
            HTML.name(abridged(name))
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

  static func noAnswer(
    _ failure: EvidenceQueries.Failure, _ parameters: EvidenceParameters
  ) -> PageRefusal {
    let filter = parameters.filterPairs.map { "\($0.name)=\(abridged($0.value))" }
    return PageRefusal(
      page: Page(
        status: .serviceUnavailable, heading: "No answer", title: "No answer",
        section: .evidence,
        content: HTML.joined {
          Tag.p { "The rows can't be shown now: \(failure.words)." }
          if !filter.isEmpty { Tag.p { "The filter was \(filter.joined(separator: ", "))." } }
        }, retryAfter: 1))
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
            HTML.name(abridged(name.text))
            store.evidence == nil ? ". It has not been read to its end yet." : "."
          }
          if shown.isEmpty {
            if store.evidence != nil { Tag.p { "It has no \(kind)s yet." } }
          } else {
            Tag.p { "It has these:" }
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

extension EvidenceQueries.Failure {
  /// Why there is no answer, as the end of a sentence.
  var words: String {
    switch self {
    case .timedOut: "they were not found within 5 seconds"
    case .tooManyWaiting: "too many questions wait for an answer"
    case .unreadable(let kind): "the store can't be read: \(kind.words)"
    }
  }
}
