import Following
import ReflexiveCore
import Synchronization

/// The newest rows of a store as events, read once for all listeners.
final class EventFeed: Sendable {
  /// The most rows to replay to a client that was cut off.
  static let replayLimit = 1000

  struct Row: Sendable {
    var id: Int64
    var event: [UInt8]
  }

  /// A position in the rows of a store since a reset.
  struct Position: Hashable, Sendable {
    var id: Int64
    /// The number of resets of the store.
    var resets: Int
  }

  /// The events after a position.
  enum News: Sendable {
    case rows([Row])
    /// There are more rows than are kept. The position is the newest one.
    case tooMany(Position)
    /// The store was reset after the position. The position of the new rows is given.
    case replaced(Position)
  }

  fileprivate struct State {
    var position: Position
    /// Every row with an id above this, up to the position, is in ``rows``.
    var start: Int64
    var rows: [Row] = []
  }

  private struct Judgement {
    var verdicts: [Verdict]
    var version: UInt64
    var instant: ContinuousClock.Instant
    var isBeingMade = false
  }

  let store: FollowedStore
  private let queries: EvidenceQueries
  private let time: TimeSource
  private let runs = SerialRuns<Void>()
  /// `nil` until the store has been read to its end.
  private let state = Mutex<State?>(nil)
  /// The latest verdicts by the label of their range.
  private let judgements = Mutex<[String: Judgement]>([:])

  init(_ store: FollowedStore, _ queries: EvidenceQueries, _ time: TimeSource) {
    self.store = store
    self.queries = queries
    self.time = time
  }

  /// The position of the latest event; `nil` until the store has been read to its end.
  var position: Position? { state.withLock { $0?.position } }

  /// Reads new rows. Calls at the same time share one read.
  func refresh() async { await runs.run { [self] in await readNews() } }

  func news(since position: Position) -> News? {
    state.withLock { state in
      guard let state else { return nil }
      guard position.resets == state.position.resets, position.id <= state.position.id else {
        return .replaced(state.position)
      }
      guard position.id >= state.start else { return .tooMany(state.position) }
      return .rows(Array(state.rows.drop { $0.id <= position.id }))
    }
  }

  private func readNews() async {
    guard let end = store.state.endOfRead else { return }
    let target = Position(id: end.tailID, resets: end.resets)
    let known = state.withLock { state -> Int64? in
      guard let known = state, known.position.resets == target.resets,
        known.position.id <= target.id
      else {
        state = State(position: target, start: target.id)
        return nil
      }
      return known.position.id < target.id ? known.position.id : nil
    }
    guard let known else { return }
    let store = store
    let piece = try? await queries.ask { () throws(EvidenceSearchError) in
      try EvidenceSearch(store).rows(
        EvidenceFilter(), after: known, through: target.id, limit: Self.replayLimit)
    }
    guard let piece else { return }
    let rows = piece.rows.map {
      Row(id: $0.id, event: EventText.event("evidence", id: $0.id, $0.json))
    }
    state.withLock { state in
      guard state?.position.resets == target.resets else { return }
      state?.take(rows, of: target, hasMore: piece.next != nil)
    }
  }

  // MARK: - Verdicts

  /// The verdicts over a range, made again at most once a second and at least once in five.
  ///
  /// - Returns: `nil` until they have been made for the first time.
  func verdicts(over range: String) -> [Verdict]? {
    let (now, version) = (time.monotonic(), store.state.version)
    let isMine = judgements.withLock { judgements in
      guard let known = judgements[range] else {
        judgements[range] = Judgement(verdicts: [], version: version, instant: now)
        judgements[range]?.isBeingMade = true
        return true
      }
      let age = known.instant.duration(to: now)
      guard !known.isBeingMade,
        age >= .seconds(5) || age >= .seconds(1) && known.version != version
      else { return false }
      judgements[range]?.isBeingMade = true
      return true
    }
    if isMine {
      let snapshot = store.state.snapshot(at: time.wall())
      let verdicts = snapshot.evidence.map {
        Verdicts.make($0, store: store.name, objectives: snapshot.objectives, range: range)
      }
      judgements.withLock { judgements in
        judgements[range] = verdicts.map {
          Judgement(verdicts: $0, version: version, instant: now)
        }
      }
      return verdicts
    }
    return judgements.withLock { judgements in
      judgements[range].flatMap { $0.isBeingMade && $0.verdicts.isEmpty ? nil : $0.verdicts }
    }
  }
}

extension EventFeed.State {
  /// Adds rows that follow the known ones. If there are more than are kept, listeners find out that
  /// they have missed some.
  fileprivate mutating func take(
    _ new: [EventFeed.Row], of target: EventFeed.Position, hasMore: Bool
  ) {
    if hasMore {
      (position, start, rows) = (target, target.id, [])
      return
    }
    guard let last = new.last else { return }
    rows += new
    position.id = last.id
    let surplus = rows.count - EventFeed.replayLimit
    guard surplus > 0 else { return }
    start = rows[surplus - 1].id
    rows.removeFirst(surplus)
  }
}
