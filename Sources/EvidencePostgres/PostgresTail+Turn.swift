import ConfigurationFiles
import EvidenceStore
import ReadingOrder
import ReflexiveCore

extension PostgresTail {
  /// Reads the rows of one statement, or the next 4 MiB of them.
  ///
  /// - Returns: whether the end of the table was reached.
  func readTurn(
    _ session: PostgresSession, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> Bool {
    do throws(StoreReadError) {
      return try readStatement(session, into: &batch)
    } catch {
      // A value that cannot be converted fails the whole statement.
      guard let state = error.sqlState, state.utf8.starts(with: "22".utf8) else { throw error }
      batch.removeAll()
      statement = nil
      return try readCarefully(session, into: &batch)
    }
  }

  private func readStatement(
    _ session: PostgresSession, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> Bool {
    var current: Statement
    if let statement {
      current = statement
    } else {
      if session.proof == .locks, reading.unread.hasWaitingGap, let identity = reading.identity {
        reading.unread.note(holders: try session.lockHolders(of: identity))
      }
      current = try begin(session)
    }
    var transactions: (lowest: UInt64, next: UInt64)?
    let isOver = try takeRows(session, &current, &transactions, into: &batch)
    statement = isOver ? nil : current
    let now = milliseconds()
    reading.take(&batch, lowestID: session.query.definition.lowestID, at: now)
    guard isOver else {
      reading.unread.settleAll()
      reading.queue.order(&batch, waitingFor: nil)
      return false
    }
    let isFull = current.tailRows >= current.limit
    limit.note(
      elapsed: now - current.start, isFull: isFull, bytes: current.bytes)
    end(current, transactions, &batch, reachedEnd: !isFull, now: now)
    return !isFull
  }

  private func begin(_ session: PostgresSession) throws(StoreReadError) -> Statement {
    let unread = reading.unread
    let current = Statement(
      gaps: unread.due(at: milliseconds()), tail: unread.firstAbove ?? .max, limit: limit.rows,
      start: milliseconds())
    var parameters: [PostgresConnection.Parameter] = [
      .int8(current.tail), .int8(Int64(current.limit)),
    ]
    var text = session.query.rowsAbove
    if !current.gaps.isEmpty {
      text = session.query.rowsAboveAndInGaps()
      parameters += [
        .int8s(current.gaps.map(\.lowerBound)), .int8s(current.gaps.map(\.upperBound)),
        .int8(Self.rowsOfGap),
      ]
      if session.proof == .snapshot, unread.hasWaitingGap {
        text += "\n" + session.query.snapshot
      }
    }
    try session.connection.send(text, parameters)
    return current
  }

  /// The most rows of one gap at a time.
  private static let rowsOfGap: Int64 = 256

  /// - Returns: whether that was all of the statement.
  private func takeRows(
    _ session: PostgresSession, _ current: inout Statement,
    _ transactions: inout (lowest: UInt64, next: UInt64)?, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> Bool {
    while batch.bytes.count < Self.byteLimit {
      guard let row = try session.connection.nextRow() else {
        current.bytes += batch.bytes.count
        return true
      }
      guard let id = row.int64(0) else {
        if let lowest = row.text(1).flatMap(UInt64.init),
          let next = row.text(2).flatMap(UInt64.init)
        {
          transactions = (lowest, next)
        }
        continue
      }
      if id >= current.tail { current.tailRows += 1 }
      session.query.append(row, to: &batch)
    }
    current.bytes += batch.bytes.count
    return false
  }

  private func end(
    _ current: Statement, _ transactions: (lowest: UInt64, next: UInt64)?,
    _ batch: inout EvidenceBatch, reachedEnd: Bool, now: Int64
  ) {
    if !current.gaps.isEmpty { reading.unread.noteLook(at: current.gaps, now: now) }
    if let transactions {
      reading.unread.note(lowest: transactions.lowest, next: transactions.next)
    }
    reading.unread.endTurn(
      reachedEnd: reachedEnd, wait: reading.isCaughtUp ? Int64(address.orderWait * 1000) : 0,
      now: now)
    if reachedEnd { reading.isCaughtUp = true }
    reading.queue.order(&batch, waitingFor: reading.unread.lowestWaiting)
    if reading.queue.isFull {
      reading.unread.settleAll()
      reading.queue.release(into: &batch)
    }
  }
}

// MARK: - Rows that cannot be sent

extension PostgresTail {
  /// Reads ids alone, then row by row, and leaves out what a row cannot give.
  private func readCarefully(
    _ session: PostgresSession, into batch: inout EvidenceBatch
  ) throws(StoreReadError) -> Bool {
    let gaps = reading.unread.due(at: milliseconds())
    let tail = reading.unread.firstAbove ?? .max
    let limit: Int64 = 16
    var ids = EvidenceBatch()
    try session.append(
      session.query.rowsAboveAndInGaps(.idAlone),
      [
        .int8(tail), .int8(limit), .int8s(gaps.map(\.lowerBound)), .int8s(gaps.map(\.upperBound)),
        .int8(limit),
      ], to: &ids)
    for row in ids.rows { try appendCarefully(row.id, session, to: &batch) }
    let now = milliseconds()
    let isFull = ids.rows.count { $0.id >= tail } >= limit
    reading.take(&batch, lowestID: session.query.definition.lowestID, at: now)
    reading.unread.noteLook(at: gaps, now: now)
    reading.unread.settleAll()
    reading.queue.order(&batch, waitingFor: nil)
    return !isFull
  }

  private func appendCarefully(
    _ id: Int64, _ session: PostgresSession, to batch: inout EvidenceBatch
  ) throws(StoreReadError) {
    var latest: StoreReadError?
    for detail in [EvidenceQuery.Detail.all, .withoutPayload, .idAlone] {
      do throws(StoreReadError) {
        var row = EvidenceBatch()
        try session.append(session.query.rows(detail), [.int8s([id]), .int8(1)], to: &row)
        batch.append(row)
        return
      } catch {
        guard let state = error.sqlState, state.utf8.starts(with: "22".utf8) else { throw error }
        latest = error
      }
    }
    if let latest { throw latest }
  }
}
