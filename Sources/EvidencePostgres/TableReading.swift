import EvidenceStore
import ReadingOrder
import ReflexiveCore

/// What is known of the rows of a table that is followed.
struct TableReading {
  var identity: ServerIdentity?
  var unread = UnreadIDs()
  var queue = OrderQueue()
  var witnesses = Witnesses()
  /// A turn has worked.
  var hasBegun = false
  /// The rows that are there have been read to their end.
  var isCaughtUp = false

  init(_ position: TablePosition?, at now: Int64) {
    guard let position else { return }
    identity = position.identity
    unread = position.unread
    unread.lookAgain(at: now)
    queue = OrderQueue(highestID: position.tailID, lateRows: position.lateRows)
    witnesses = position.witnesses
    hasBegun = true
  }

  /// Rows that wait for their order are still unread in it: after a restart they are read again.
  var position: TablePosition? {
    guard hasBegun, let identity else { return nil }
    return TablePosition(
      identity: identity, unread: unread.puttingBack(queue.ids), witnesses: witnesses,
      tailID: queue.highestID, lateRows: queue.lateRows)
  }

  /// Takes the rows of a batch out of the unread ids, and removes those that were read before.
  mutating func take(_ batch: inout EvidenceBatch, lowestID: Int64?, at now: Int64) {
    var isTaken = true
    let taken = batch.rows.map { row in
      let isNew = unread.take(row.id, at: now, lowest: lowestID)
      isTaken = isTaken && isNew
      return isNew
    }
    guard !isTaken else { return }
    batch.rows = zip(batch.rows, taken).compactMap { $1 ? $0 : nil }
  }
}
