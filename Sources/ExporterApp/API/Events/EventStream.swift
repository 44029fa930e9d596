import Following
import ReflexiveCore

/// The position of one client that listens to a store, and the events to send to it next.
struct EventStream: Sendable {
  private struct Subject: Hashable {
    var indicator: Verdict.Indicator
    var kind: Verdict.SubjectKind
    var name: LabelValue

    init(_ verdict: Verdict) {
      (indicator, kind, name) = (verdict.indicator, verdict.subjectKind, verdict.subject)
    }
  }

  private let feed: EventFeed
  private let queries: EvidenceQueries
  private let range: String
  private let json: @Sendable (Verdict) -> JSON
  /// The id after which the client was cut off, until the stream has found its position.
  private var lastEventID: Int64?
  /// The position of the latest event sent; `nil` until the store has been read to its end.
  private var position: EventFeed.Position?
  private var states: [Subject: Verdict.State]?

  /// - Parameters:
  ///   - range: the range of the verdicts.
  ///   - lastEventID: the id of the last event that the client had before it was cut off.
  ///   - json: returns the data of a verdict's event.
  init(
    _ feed: EventFeed, _ queries: EvidenceQueries, range: String, lastEventID: Int64?,
    json: @escaping @Sendable (Verdict) -> JSON
  ) {
    self.feed = feed
    self.queries = queries
    self.range = range
    self.lastEventID = lastEventID
    self.json = json
  }

  /// Returns the events since the last call.
  mutating func next() async -> [UInt8] {
    await feed.refresh()
    return begin() + (await rows()) + verdicts()
  }

  /// Sets the position as soon as there is one.
  private mutating func begin() -> [UInt8] {
    guard position == nil, let current = feed.position else { return [] }
    position = current
    guard let id = lastEventID else { return EventText.position(current.id) }
    position?.id = id
    return []
  }

  private mutating func rows() async -> [UInt8] {
    guard let position, let news = feed.news(since: position) else { return [] }
    switch news {
    case .rows(let rows):
      if let last = rows.last { self.position?.id = last.id }
      return rows.flatMap(\.event)
    case .replaced(let newest):
      guard let missed = await count(after: .min, through: newest.id) else { return [] }
      return resync(at: newest, missed)
    case .tooMany(let newest): return await replay(from: position, to: newest)
    }
  }

  /// Sends the missed rows, or how many there are. It passes over rows only if it could count them.
  private mutating func replay(
    from old: EventFeed.Position, to newest: EventFeed.Position
  ) async -> [UInt8] {
    guard let missed = await count(after: old.id, through: newest.id) else { return [] }
    guard missed > 0 else {
      position = newest
      return []
    }
    guard missed <= EventFeed.replayLimit else { return resync(at: newest, missed) }
    let store = feed.store
    let piece = try? await queries.ask { () throws(EvidenceSearchError) in
      try EvidenceSearch(store).rows(
        EvidenceFilter(), after: old.id, through: newest.id, limit: EventFeed.replayLimit)
    }
    guard let rows = piece?.rows, let last = rows.last else { return [] }
    position?.id = last.id
    return rows.flatMap { EventText.event("evidence", id: $0.id, $0.json) }
  }

  private mutating func resync(at newest: EventFeed.Position, _ missed: Int) -> [UInt8] {
    position = newest
    return EventText.event("resync", id: newest.id, ["missed": .integer(missed)])
  }

  private func count(after id: Int64, through last: Int64) async -> Int? {
    let store = feed.store
    return try? await queries.ask { () throws(EvidenceSearchError) in
      try EvidenceSearch(store).count(after: id, through: last)
    }
  }

  /// Returns the verdicts whose state has changed.
  private mutating func verdicts() -> [UInt8] {
    guard position != nil, let verdicts = feed.verdicts(over: range) else { return [] }
    let known = states
    states = Dictionary(verdicts.map { (Subject($0), $0.state) }) { $1 }
    guard let known else { return [] }
    return verdicts.filter { known[Subject($0)] != $0.state }.flatMap {
      EventText.event("verdict", json($0))
    }
  }
}
