/// The times at which members are due, one for each member.
struct Timetable<ID: Comparable & Sendable>: Sendable {
  typealias Instant = ContinuousClock.Instant

  private struct Entry: Comparable {
    var due: Instant
    var id: ID

    static func < (left: Entry, right: Entry) -> Bool {
      (left.due, left.id) < (right.due, right.id)
    }
  }

  /// The latest first, so that most changes are at the end.
  private var entries: [Entry] = []

  /// The earliest time.
  var next: Instant? { entries.last?.due }

  mutating func insert(_ id: ID, due: Instant) {
    let entry = Entry(due: due, id: id)
    entries.insert(entry, at: index(of: entry))
  }

  /// - Parameter due: the time given to ``insert(_:due:)``.
  mutating func remove(_ id: ID, due: Instant) {
    let entry = Entry(due: due, id: id)
    let index = index(of: entry)
    if index < entries.count, entries[index] == entry { entries.remove(at: index) }
  }

  /// The members that are due at `now`, the earliest first.
  func due(at now: Instant) -> [ID] {
    entries.reversed().prefix { $0.due <= now }.map(\.id)
  }

  /// The index of the first entry that is not later than `entry`.
  private func index(of entry: Entry) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle] > entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
