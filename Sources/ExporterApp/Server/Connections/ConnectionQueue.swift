/// Which connections are held, and which of them wait for a request. When all are taken, the one
/// that has waited longest makes room.
///
/// So idle clients, however many, lock nobody out. Only clients that are being answered can.
///
/// | connection  | admit                             | request     | answered  | close |
/// | ----------- | --------------------------------- | ----------- | --------- | ----- |
/// | gone        | `waiting`, `refused` or dropped   |             |           |       |
/// | `waiting`   |                                   | `answering` |           | gone  |
/// | `answering` |                                   |             | `waiting` | gone  |
/// | `refused`   |                                   |             |           | gone  |
///
/// If all connections are taken, an admission closes the one that has waited longest. If none
/// waits, the admission is refused, or dropped if over an eighth of the limit is refused already.
struct ConnectionQueue<ID: Hashable> {
  enum Admission: Equatable {
    /// The connection may send requests. The other one, if any, is no longer held and has to be
    /// closed.
    case admitted(closing: ID?)
    /// Every connection is being answered, so this one gets a 503.
    case refused
    /// Too many connections are already refused.
    case dropped
  }

  let limit: Int
  private var answering: Set<ID> = []
  /// The waiting connections, with the turn at which each began to wait.
  private var waiting: [ID: UInt64] = [:]
  private var refused: Set<ID> = []
  private var turn: UInt64 = 0

  init(limit: Int) { self.limit = limit }

  var count: Int { answering.count + waiting.count }

  mutating func admit(_ id: ID) -> Admission {
    var closing: ID?
    if count >= limit {
      guard let oldest = waiting.min(by: { $0.value < $1.value })?.key else { return refuse(id) }
      waiting[oldest] = nil
      closing = oldest
    }
    waiting[id] = nextTurn()
    return .admitted(closing: closing)
  }

  private mutating func refuse(_ id: ID) -> Admission {
    guard refused.count < limit / 8 + 1 else { return .dropped }
    refused.insert(id)
    return .refused
  }

  /// Records a request. Nothing changes for a connection that has just made room for another.
  mutating func beginAnswering(_ id: ID) {
    if waiting.removeValue(forKey: id) != nil { answering.insert(id) }
  }

  /// Records that all requests are answered.
  mutating func beginWaiting(_ id: ID) {
    if answering.remove(id) != nil { waiting[id] = nextTurn() }
  }

  mutating func remove(_ id: ID) {
    answering.remove(id)
    waiting[id] = nil
    refused.remove(id)
  }

  private mutating func nextTurn() -> UInt64 {
    turn &+= 1
    return turn
  }
}
