import CSQLite
import Foundation
import ReflexiveCore
import TestSupport
import Testing

@testable import EvidenceStore

/// A WAL whose index this process could open only for reading, as on a read-only disk.
struct ReadOnlyIndexTests {
  @Test func oncePossibleTheIndexIsOpenedForWritingSoThatAReceiverCanWrite() async throws {
    let store = try LeftWAL(rows: 3)
    var other: ReadOnlyIndex? = try ReadOnlyIndex(store.path)
    let reader = Reader(path: store.path)
    #expect(try reader.ids() == [1, 2, 3])
    #expect(store.push() == .readOnly)
    // The other connection keeps the index as it is.
    for _ in 1...12 {
      try await Task.sleep(for: .milliseconds(100))
      let pass = try reader.pass()
      #expect(pass.reset == nil && reader.batch.rows.isEmpty)
    }
    #expect(store.push() == .readOnly)
    #expect(other != nil)
    other = nil
    #expect(store.push() == .readOnly)
    try await Task.sleep(for: .milliseconds(1100))
    #expect(reader.tail.hasChanged())
    #expect(try reader.pass().reset == nil)
    #expect(store.push() == nil)
    let pass = try reader.pass()
    #expect(reader.batch.rows.map(\.id) == [4])
    #expect(pass.reset == nil)
  }
}

/// A database whose WAL was left by a writer that has ended.
private struct LeftWAL {
  private let writer: TemporaryStore
  let path: String

  init(rows: Int) throws {
    writer = try TemporaryStore(journal: "wal")
    try writer.append(rows)
    path = writer.directory + "/left.db"
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: writer.path + suffix, toPath: path + suffix)
    }
    try Data().write(to: URL(fileURLWithPath: path + "-shm"))
  }

  /// - Returns: why nothing could be written.
  func push() -> ReceiveError.Kind? {
    let bytes = Array("note{}".utf8)
    let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)
    let row = ReceivedBatch.Row(
      payload: ByteRange(offset: 4, count: 2), event: ByteRange(offset: 0, count: 4), time: now)
    do throws(ReceiveError) {
      _ = try ReceivingDatabase(path: path).write(
        [ReceivedBatch(bytes: bytes, rows: [row])], now: now)
      return nil
    } catch {
      return error.kind
    }
  }
}

/// A connection that opens the index for reading, and so does it for the whole process.
private final class ReadOnlyIndex {
  private var handle: OpaquePointer?

  init(_ path: String) throws {
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
    try #require(
      sqlite3_open_v2("file:\(path)?readonly_shm=1", &handle, flags, nil) == SQLITE_OK)
    try #require(sqlite3_exec(handle, "SELECT * FROM evidence", nil, nil, nil) == SQLITE_OK)
  }

  deinit { sqlite3_close(handle) }
}
