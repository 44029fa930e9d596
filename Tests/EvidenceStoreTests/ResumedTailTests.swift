import Glibc
import ReflexiveCore
import TestSupport
import Testing

@testable import EvidenceStore

/// A tail that goes on where another one ended, as after a restart.
struct ResumedTailTests {
  private let store: TemporaryStore
  private let position: TailPosition

  /// Ten rows, all of them read.
  init() throws {
    store = try TemporaryStore()
    try store.append(10)
    let reader = Reader(store)
    _ = try reader.pass()
    position = try #require(reader.tail.position)
  }

  private func resume() throws -> (pass: Pass, ids: [Int64]) {
    let tail = EvidenceTail(path: store.path, resumingAt: position)
    var batch = EvidenceBatch()
    let pass = try tail.readBatch(into: &batch, limit: 1000)
    return (pass, batch.rows.map(\.id))
  }

  @Test func aResumedTailContinuesAfterTheLastRow() throws {
    try store.append(2)
    let (pass, ids) = try resume()
    #expect(pass.reset == nil && ids == [11, 12])
  }

  @Test func aResumedTailWithoutNewRowsReadsNothing() throws {
    let (pass, ids) = try resume()
    #expect(pass.reset == nil && pass.tailID == 10 && ids.isEmpty)
  }

  @Test func aPositionReadBackFromBytesIsTheSame() throws {
    var writer = ByteWriter()
    writer.write(position)
    var reader = ByteReader(writer.bytes[...])
    #expect(try reader.read(TailPosition.self) == position && position.tailID == 10)
  }

  @Test func prunedRowsAreNoReset() throws {
    try store.execute("DELETE FROM evidence")
    try store.append(1)
    let (pass, ids) = try resume()
    #expect(pass.reset == nil && ids == [11])
  }

  @Test func anotherFileAtThePathIsSeen() throws {
    let other = try TemporaryStore()
    try other.append(20)
    other.close()
    store.close()
    #expect(rename(other.path, store.path) == 0)
    let (pass, ids) = try resume()
    #expect(pass.reset == .replaced && ids.count == 20)
  }

  @Test func aTableThatStartsAgainIsSeen() throws {
    try store.execute("DELETE FROM evidence; DELETE FROM sqlite_sequence")
    try store.append(3)
    let (pass, ids) = try resume()
    #expect(pass.reset == .truncated && ids == [1, 2, 3])
  }

  @Test func anotherRowAtTheTailIsSeen() throws {
    try store.execute("DELETE FROM evidence; DELETE FROM sqlite_sequence")
    try store.append(10, agent: "other")
    let (pass, ids) = try resume()
    #expect(pass.reset == .recreated && ids.count == 10)
  }
}
