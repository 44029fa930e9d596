package import ReflexiveCore

/// The unread ids of a table: its gaps, and all ids above the highest one seen.
///
/// Concurrent writers do not commit in order of id, so a reader that asks only for ids above its
/// tail misses rows. This set remembers each gap, so that the reader can look at it again: at every
/// turn for a second, four times a second for a minute, and then once a minute, forever. An id
/// leaves the set only together with its row. This depends neither on transactions nor on the order
/// of commits, so a row counts once on any server with unique ids.
///
/// Times are milliseconds of a monotonic clock.
package struct UnreadIDs: Hashable, Sendable {
  /// Whether rows above a gap wait for it.
  package enum Order: Hashable, Sendable {
    /// The current turn found the gap.
    case fresh
    case waiting(Evidence)
    /// Rows above the gap no longer wait.
    case settled
  }

  /// The evidence that nobody can fill a gap any more.
  package enum Evidence: Hashable, Sendable {
    /// Nothing yet.
    case none
    /// The transactions that may fill the gap.
    case holders([String])
    /// The first transaction that began after the gap was found.
    case before(UInt64)
    /// No such transaction is left, but one more look has to find the gap empty.
    case gone
  }

  package struct Gap: Hashable, Sendable {
    package var ids: ClosedRange<Int64>
    /// When the gap was found or last yielded a row.
    package var since: Int64
    /// When the gap was found.
    package var found: Int64
    /// When the gap was last looked at.
    package var looked: Int64
    package var order: Order
  }

  /// The most gaps to remember.
  package static let gapLimit = 65_536
  /// How far below the first row to look for ids.
  static let reach: Int64 = 65_536
  /// The most gaps in one look.
  package static let dueLimit = 1000

  /// The highest id that is never looked for; `nil` if there is none.
  package private(set) var floor: Int64?
  /// The gaps, disjoint and in order of id.
  package private(set) var gaps: [Gap] = []
  /// The first id above all seen ones; `nil` before the first row, when every id is unread.
  private var next: Int64?
  /// Whether the highest possible id has been seen.
  private var isExhausted = false
  /// Whether the table has been seen without rows, so that all its rows are new.
  private var wasEmpty = false
  /// The number of gaps that were dropped because there were too many.
  package private(set) var forgottenGaps = 0
  /// Whether a gap may be fresh or waiting.
  private var hasUnsettled = false
  /// No gap is due before this time.
  private var nextDue = Int64.min

  package init() {}

  /// All ids from this one on are unread; `nil` if the highest possible id has been seen.
  package var firstAbove: Int64? { isExhausted ? nil : next ?? .min }

  package func contains(_ id: Int64) -> Bool {
    guard let next else { return !isExhausted }
    if !isExhausted, id >= next { return true }
    return index(of: id) != nil
  }

  /// Removes an id whose row was read.
  ///
  /// - Parameter lowest: the lowest id that the table's sequence can give, if it is known.
  /// - Returns: `false` if the id was read before or is not looked for.
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
    // Ids below the first row of an old table are mostly deleted rows, and looking for more would
    // cost the server. Those below the first row of an empty table may be in the making.
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

  /// The index of the gap with this id.
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
  /// No gap is due before this.
  package var nextLook: Int64 { gaps.isEmpty ? .max : nextDue }

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

  /// Records a look at `spans`. What is left of them yielded no row.
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

  /// Drops the lowest gaps if there are too many.
  package mutating func trim() {
    let surplus = gaps.count - Self.gapLimit
    guard surplus > 0 else { return }
    floor = gaps[surplus - 1].ids.upperBound
    gaps.removeFirst(surplus)
    forgottenGaps += surplus
  }
}

extension UnreadIDs.Gap {
  /// When to look at the gap next.
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
  /// The lowest id of the gaps that rows wait for.
  package var lowestWaiting: Int64? {
    hasUnsettled ? gaps.first { $0.order.isWaiting }?.ids.lowerBound : nil
  }

  package var hasWaitingGap: Bool { lowestWaiting != nil }

  /// Ends a turn and decides which gaps rows wait for.
  ///
  /// - Parameters:
  ///   - reachedEnd: whether the turn reached the end of the table. Until then rows do not wait,
  ///     because most gaps of a table that is read for the first time are deleted rows.
  ///   - wait: the longest that a row waits for a gap, in milliseconds.
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

  /// Makes no row wait any longer.
  package mutating func settleAll() {
    guard hasUnsettled else { return }
    for index in gaps.indices { gaps[index].order = .settled }
    hasUnsettled = false
  }

  /// Records which transactions may still fill gaps. They have to be asked for after the turn that
  /// found the gaps and before the next one.
  package mutating func note(holders: [String]) {
    // After a restart of the server, prepared transactions have other names.
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

  /// Records the snapshot of the turn that just ended, which found the gaps still empty.
  /// Transactions below `lowest` have ended, and `next` has not begun.
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
  /// The set with `ids` put back, which were taken but whose rows have not been counted.
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

  /// Makes every gap due soon, as after a restart.
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

  /// Reads what ``write(to:)`` wrote. The gaps are settled, and ``lookAgain(at:)`` makes them due.
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
