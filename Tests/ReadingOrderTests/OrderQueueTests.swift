import ReadingOrder
import ReflexiveCore
import Testing

struct OrderQueueTests {
  private static func batch(_ ids: [Int64]) -> EvidenceBatch {
    var batch = EvidenceBatch()
    for id in ids {
      let text = Array("row \(id)".utf8)
      let range = text.withUnsafeBytes { batch.append($0) }
      batch.rows.append(EvidenceRow(id: id, event: .text(range), payload: .null))
    }
    return batch
  }

  private static func texts(_ batch: EvidenceBatch) -> [String] {
    batch.rows.map { row in
      guard case .text(let range) = row.event else { return "" }
      return String(
        decoding: batch.bytes[range.offset..<range.offset + range.count], as: UTF8.self)
    }
  }

  @Test func rowsAboveAGapWaitAndComeOutInTheOrderOfTheirIds() {
    var queue = OrderQueue()
    var batch = Self.batch([1, 3, 4])
    queue.order(&batch, waitingFor: 2)
    #expect(Self.texts(batch) == ["row 1"])
    #expect(queue.ids == [3, 4])
    batch = Self.batch([5, 2])
    queue.order(&batch, waitingFor: nil)
    #expect(Self.texts(batch) == ["row 2", "row 3", "row 4", "row 5"])
    #expect(queue.isEmpty)
    #expect(queue.highestID == 5)
    #expect(queue.lateRows == 0)
  }

  @Test func aRowBelowOneThatWasCountedIsLate() {
    var queue = OrderQueue()
    var batch = Self.batch([1, 3])
    queue.order(&batch, waitingFor: nil)
    batch = Self.batch([2, 4])
    queue.order(&batch, waitingFor: nil)
    #expect(queue.lateRows == 1)
    #expect(queue.highestID == 4)
  }

  @Test func noMoreRowsWaitThanThereIsRoomFor() {
    var queue = OrderQueue()
    var batch = Self.batch(Array(2...Int64(OrderQueue.rowLimit) + 2))
    queue.order(&batch, waitingFor: 1)
    #expect(batch.rows.isEmpty)
    #expect(queue.isFull)
    queue.release(into: &batch)
    #expect(batch.rows.count == OrderQueue.rowLimit + 1)
    #expect(queue.isEmpty)
    #expect(queue.lateRows == 0)
  }
}
