package import ReflexiveCore

/// The ids of a table that have not been read: gaps, and everything above the highest id seen.
///
/// Writers of several sessions commit in another order than their ids have. So a reader that asks
/// for ids above a tail alone misses rows. This one remembers each gap and looks at it again: for a
/// second at every turn, for a minute four times a second, and then once a minute, forever. An id
/// leaves the set only together with its row. Nothing here depends on transactions or on the order
/// of commits, so a row counts once on any server where ids are unique.
///
/// Times are milliseconds of a clock that never goes back.
package struct UnreadIDs: Hashable, Sendable {
  /// Why rows above a gap wait for it, and for how long.
  package enum Order: Hashable, Sendable {
    /// Found in the turn under way.
    case fresh
    case waiting(Evidence)
    /// Rows above it no longer wait.
    case settled
  }

  /// What shows that nobody can fill a gap any more.
  package enum Evidence: Hashable, Sendable {
    /// Nothing yet.
    case none
    /// The transactions that may fill it.
    case holders([String])
    /// Transactions from this one on began after it was found.
    case before(UInt64)
    /// Nobody was left, before a look that has yet to find it empty.
    case gone
  }

  package struct Gap: Hashable, Sendable {
    package var ids: ClosedRange<Int64>
    /// When it was found, or last gave a row.
    package var since: Int64
    /// When it was found.
    package var found: Int64
    /// When it was last looked at.
    package var looked: Int64
    package var order: Order
  }

  /// How many gaps are remembered.
  package static let gapLimit = 65_536
  /// How far below the first row ids are looked for.
  static let reach: Int64 = 65_536
  /// The most gaps of one look.
  package static let dueLimit = 1000

  /// Ids up to this are never looked for; `nil` before the first row.
  package private(set) var floor: Int64?
  /// In the order of their ids, apart from each other.
  package private(set) var gaps: [Gap] = []
  /// The first id above all that were seen. `nil` before the first row: then every id is unread.
  private var next: Int64?
  /// The highest id there is has been seen: nothing is above it.
  private var isExhausted = false
  /// The table was seen without a row: whatever comes, comes later.
  private var wasEmpty = false
  /// Gaps that are no longer looked for, because there were too many.
  package private(set) var forgottenGaps = 0
  /// Whether a gap may be fresh or waiting.
  private var hasUnsettled = false
  /// No gap is due before this.
  private var nextDue = Int64.min

  package init() {}

  /// From this id on every one is unread; `nil` where the highest id there is has been seen.
  package var firstAbove: Int64? { isExhausted ? nil : next ?? .min }

  package func contains(_ id: Int64) -> Bool {
    guard let next else { return !isExhausted }
    if !isExhausted, id >= next { return true }
    return index(of: id) != nil
  }

  /// Takes out an id whose row was read.
  ///
  /// - Parameter lowest: the lowest id that the table's sequence can give, if it is known.
  /// - Returns: false if the id was read before, or is not looked for.
  package mutating func take(_ id: Int64, at now: Int64, lowest: Int64? = nil) -> Bool {
    guard let next else {
      guard !isExhausted else { return takeFromGap(id, at: now) }
      begin(at: id, lowest: lowest, now: now)
      return true
    }
    guard !isExhausted, id >= next else { return takeFromGap(id, at: now) }
    if id > next { append(next...id - 1, order: .fresh, at: now) }
    moveTail(above: id)
    return true
  }

  private mutating func begin(at id: Int64, lowest: Int64?, now: Int64) {
    let (reached, overflow) = id.subtractingReportingOverflow(Self.reach)
    // Below the rows of a table that is read for the first time there are deleted ones, and looking
    // for more would cost the server. Below the first row of an empty one others are being written.
    let start = min(max(overflow || wasEmpty ? .min : reached, lowest ?? .min), id)
    if start < id { append(start...id - 1, order: wasEmpty ? .fresh : .settled, at: now) }
    floor = start == .min ? nil : start - 1
    moveTail(above: id)
  }

  private mutating func moveTail(above id: Int64) {
    if id == .max {
      isExhausted = true
    } else {
      next = id + 1
    }
  }

  private mutating func append(_ ids: ClosedRange<Int64>, order: Order, at now: Int64) {
    gaps.append(Gap(ids: ids, since: now, found: now, looked: now, order: order))
    nextDue = min(nextDue, now)
    if order != .settled { hasUnsettled = true }
  }

  private mutating func takeFromGap(_ id: Int64, at now: Int64) -> Bool {
    guard let index = index(of: id) else { return false }
    var parts: [Gap] = []
    var gap = gaps[index]
    gap.since = now
    if id > gap.ids.lowerBound {
      var part = gap
      part.ids = gap.ids.lowerBound...id - 1
      parts.append(part)
    }
    if id < gap.ids.upperBound {
      var part = gap
      part.ids = id + 1...gap.ids.upperBound
      parts.append(part)
    }
    gaps.replaceSubrange(index...index, with: parts)
    nextDue = min(nextDue, now)
    return true
  }

  /// Of the gap that has this id.
  private func index(of id: Int64) -> Int? {
    var (low, high) = (0, gaps.count)
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].ids.upperBound < id { low = middle + 1 } else { high = middle }
    }
    return low < gaps.count && gaps[low].ids.contains(id) ? low : nil
  }
}

// MARK: - Looks

extension UnreadIDs {
  /// The gaps to look at now, at most ``dueLimit`` of them.
  package func due(at now: Int64) -> [ClosedRange<Int64>] {
    guard now >= nextDue else { return [] }
    var due: [ClosedRange<Int64>] = []
    for gap in gaps where gap.dueTime <= now {
      due.append(gap.ids)
      if due.count == Self.dueLimit { break }
    }
    return due
  }

  /// Notes that gaps were looked at: what is left of them gave no row.
  package mutating func noteLook(at spans: [ClosedRange<Int64>], now: Int64) {
    var position = 0
    for span in spans {
      while position < gaps.count, gaps[position].ids.upperBound < span.lowerBound {
        position += 1
      }
      while position < gaps.count, gaps[position].ids.lowerBound <= span.upperBound {
        gaps[position].looked = now
        position += 1
      }
    }
    nextDue = gaps.lazy.map(\.dueTime).min() ?? .max
  }

  /// Forgets the lowest gaps where there are too many.
  package mutating func trim() {
    let surplus = gaps.count - Self.gapLimit
    guard surplus > 0 else { return }
    floor = gaps[surplus - 1].ids.upperBound
    gaps.removeFirst(surplus)
    forgottenGaps += surplus
  }
}

extension UnreadIDs.Gap {
  /// When it is looked at next.
  fileprivate var dueTime: Int64 {
    switch looked - since {
    case ..<1000: looked
    case ..<60_000: looked + 250
    default: looked + 60_000
    }
  }
}

// MARK: - Order

extension UnreadIDs {
  /// The lowest gap that rows above it wait for.
  package var lowestWaiting: Int64? {
    hasUnsettled ? gaps.first { $0.order.isWaiting }?.ids.lowerBound : nil
  }

  package var hasWaitingGap: Bool { lowestWaiting != nil }

  /// Ends a turn: decides which gaps rows wait for.
  ///
  /// - Parameters:
  ///   - reachedEnd: whether the turn reached the end of the table. Before that nobody waits: most
  ///     gaps of a table that is read for the first time are rows that were deleted.
  ///   - wait: the most milliseconds that a row waits for a gap.
  package mutating func endTurn(reachedEnd: Bool, wait: Int64, now: Int64) {
    if hasUnsettled { judgeGaps(reachedEnd: reachedEnd, wait: wait, now: now) }
    if reachedEnd, next == nil, !isExhausted { wasEmpty = true }
    trim()
  }

  private mutating func judgeGaps(reachedEnd: Bool, wait: Int64, now: Int64) {
    hasUnsettled = false
    for index in gaps.indices {
      switch gaps[index].order {
      case .settled: continue
      case .fresh: gaps[index].order = reachedEnd && wait > 0 ? .waiting(.none) : .settled
      case .waiting(.gone): gaps[index].order = .settled
      case .waiting: if now - gaps[index].found >= wait { gaps[index].order = .settled }
      }
      if gaps[index].order != .settled { hasUnsettled = true }
    }
  }

  /// No row waits any longer.
  package mutating func settleAll() {
    guard hasUnsettled else { return }
    for index in gaps.indices { gaps[index].order = .settled }
    hasUnsettled = false
  }

  /// Takes in which transactions may still fill gaps, asked after the turn that found them and
  /// before the one that comes.
  package mutating func note(holders: [String]) {
    // After a restart of the server, prepared transactions are known by another name.
    let hasUnknown = holders.contains { $0.utf8.starts(with: "-1/".utf8) }
    for index in gaps.indices {
      guard case .waiting(let evidence) = gaps[index].order else { continue }
      switch evidence {
      case .none: gaps[index].order = .waiting(holders.isEmpty ? .gone : .holders(holders))
      case .holders(let known):
        guard !hasUnknown, Set(known).isDisjoint(with: holders) else { continue }
        gaps[index].order = .waiting(.gone)
      case .before, .gone: continue
      }
    }
  }

  /// Takes in the snapshot of the turn that just ended, in which the gaps were still empty: what
  /// lies below `lowest` has ended, and `next` has not begun.
  package mutating func note(lowest: UInt64, next: UInt64) {
    for index in gaps.indices {
      guard case .waiting(let evidence) = gaps[index].order else { continue }
      switch evidence {
      case .none: gaps[index].order = lowest >= next ? .settled : .waiting(.before(next))
      case .before(let end) where lowest >= end: gaps[index].order = .settled
      case .before, .holders, .gone: continue
      }
    }
  }
}

extension UnreadIDs.Order {
  var isWaiting: Bool {
    if case .waiting = self { true } else { false }
  }
}

// MARK: - As bytes

extension UnreadIDs {
  /// The same set with ids that were taken out and whose rows have not been counted.
  package func puttingBack(_ ids: [Int64]) -> UnreadIDs {
    guard !ids.isEmpty else { return self }
    var copy = self
    var spans = gaps.map(\.ids)
    spans += ids.map { $0...$0 }
    if !isExhausted, let next { spans.append(next...Int64.max) }
    spans.sort { $0.lowerBound < $1.lowerBound }
    var merged: [ClosedRange<Int64>] = []
    for span in spans {
      if let last = merged.last, last.upperBound == .max || span.lowerBound <= last.upperBound + 1 {
        merged[merged.count - 1] = last.lowerBound...max(last.upperBound, span.upperBound)
      } else {
        merged.append(span)
      }
    }
    if let last = merged.last, last.upperBound == .max {
      copy.next = last.lowerBound
      copy.isExhausted = false
      merged.removeLast()
    }
    copy.gaps = merged.map { ids in
      Gap(ids: ids, since: 0, found: 0, looked: 0, order: .settled)
    }
    copy.hasUnsettled = false
    return copy
  }

  /// Has every gap looked at soon, as after a restart.
  package mutating func lookAgain(at now: Int64) {
    for index in gaps.indices {
      gaps[index].since = now - 1000
      gaps[index].found = now
      gaps[index].looked = now - 250
      gaps[index].order = .settled
    }
    nextDue = now
  }
}

extension UnreadIDs: BinaryCodable {
  package func write(to writer: inout ByteWriter) {
    writer.write(floor)
    writer.write(next)
    writer.write(isExhausted)
    writer.write(wasEmpty)
    writer.write(forgottenGaps)
    writer.write(gaps.flatMap { [$0.ids.lowerBound, $0.ids.upperBound] })
  }

  /// Reads what ``write(to:)`` wrote; the gaps are settled, and ``lookAgain(at:)`` makes them due.
  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    floor = try reader.read()
    next = try reader.read()
    isExhausted = try reader.read()
    wasEmpty = try reader.read()
    forgottenGaps = try reader.read()
    let bounds = try reader.read([Int64].self)
    try reader.expect(bounds.count.isMultiple(of: 2))
    var last = floor
    for index in stride(from: 0, to: bounds.count, by: 2) {
      let (low, high) = (bounds[index], bounds[index + 1])
      try reader.expect(low <= high && (last.map { $0 < low } ?? true))
      gaps.append(
        Gap(ids: low...high, since: 0, found: 0, looked: 0, order: .settled))
      last = high
    }
    try reader.expect(gaps.isEmpty || next != nil || isExhausted)
    if let next, !isExhausted { try reader.expect(next > .min && (last.map { $0 < next } ?? true)) }
  }
}
