import EvidenceStore
import Foundation
import ReflexiveCore
import TestSupport
import Testing

struct CorruptStoreTests {
  @Test func aFileThatIsNoDatabaseIsCorrupt() throws {
    let store = try TemporaryStore()
    let path = store.directory + "/text.db"
    try Data(String(repeating: "a line of text\n", count: 500).utf8)
      .write(to: URL(fileURLWithPath: path))
    let reader = Reader(path: path)
    #expect(reader.failure()?.kind == .corrupt)
  }

  @Test func aFileThatIsNoDatabaseIsCorruptDespiteAWAL() throws {
    let store = try TemporaryStore()
    let path = store.directory + "/text.db"
    let text = Data(String(repeating: "a line of text\n", count: 500).utf8)
    for suffix in ["", "-wal"] { try text.write(to: URL(fileURLWithPath: path + suffix)) }
    let reader = Reader(path: path)
    #expect(reader.failure()?.kind == .corrupt)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path + "-wal")) == text)
  }

  @Test func aDamagedPageStopsTheTailBeforeItAndHealsWithTheFile() throws {
    let store = try TemporaryStore()
    try store.append(2000)
    store.close()
    let pageSize = 4096
    let page = try Data(contentsOf: URL(fileURLWithPath: store.path))[20 * pageSize..<21 * pageSize]
    try write(Data(repeating: 0xff, count: pageSize), to: store.path, at: 20 * pageSize)
    let reader = Reader(store)
    var count = 0
    var failure: StoreReadError?
    while failure == nil {
      failure = reader.failure()
      count += reader.batch.rows.count
    }
    #expect(failure?.kind == .corrupt)
    #expect(reader.batch.rows.isEmpty)
    #expect(reader.batch.bytes.isEmpty)
    try write(Data(page), to: store.path, at: 20 * pageSize)
    while let pass = try? reader.pass() {
      count += reader.batch.rows.count
      #expect(pass.reset == nil)
      if pass.reachedEnd { break }
    }
    #expect(count == 2000)
  }

  @Test func aTruncatedFileIsCorrupt() throws {
    let store = try TemporaryStore()
    try store.append(2000)
    store.close()
    #expect(truncate(store.path, 10 * 4096 + 100) == 0)
    let reader = Reader(store)
    var kinds: Set<StoreReadError.Kind> = []
    for _ in 1...3 { if let kind = reader.failure()?.kind { kinds.insert(kind) } }
    #expect(kinds == [.corrupt])
  }

  private func write(_ data: Data, to path: String, at offset: Int) throws {
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: data)
    try file.close()
  }
}
