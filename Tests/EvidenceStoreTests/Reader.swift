import EvidenceStore
import ReflexiveCore
import TestSupport

/// A tail with the batch that it fills.
final class Reader {
  let tail: EvidenceTail
  var batch = EvidenceBatch()

  convenience init(_ store: TemporaryStore, payloadLimit: Int = 1 << 20) {
    self.init(path: store.path, payloadLimit: payloadLimit)
  }

  init(path: String, payloadLimit: Int = 1 << 20) {
    tail = EvidenceTail(path: path, payloadLimit: payloadLimit)
  }

  func pass(limit: Int = 1000) throws -> Pass {
    try tail.readBatch(into: &batch, limit: limit)
  }

  /// Reads one pass and returns its ids.
  func ids(limit: Int = 1000) throws -> [Int64] {
    _ = try pass(limit: limit)
    return batch.rows.map(\.id)
  }

  /// Reads passes until the end and returns the ids. A busy machine may need several passes.
  func allIDs() throws -> [Int64] {
    var ids: [Int64] = []
    while true {
      let pass = try pass()
      ids += batch.rows.map(\.id)
      if pass.reachedEnd { return ids }
    }
  }

  /// The error that a pass throws; `nil` if it does not.
  func failure() -> StoreReadError? {
    do throws(StoreReadError) {
      _ = try tail.readBatch(into: &batch, limit: 1000)
      return nil
    } catch {
      return error
    }
  }

  func text(_ column: SQLiteValue?) -> String? {
    guard case .text(let range) = column else { return nil }
    let bytes = batch.bytes[range.offset..<range.offset + range.count]
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension EvidenceTail {
  /// Whether a pass may find something new, or has to wait for a writer in a transaction.
  func hasChanged() -> Bool {
    switch check() {
    case .changed: true
    case .writing: !isAttached
    case .walOpen, .idle: false
    }
  }
}
