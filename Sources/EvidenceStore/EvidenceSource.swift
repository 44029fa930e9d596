package import ReflexiveCore

/// The rows of one store, wherever they are, read batch by batch. One caller at a time.
package protocol EvidenceSource {
  /// Where the rows are, for messages.
  var path: String { get }

  /// Reads the next rows. If it throws, `batch` is empty, and the next call goes on after the rows
  /// that were read before.
  ///
  /// - Parameters:
  ///   - batch: is emptied first.
  ///   - limit: about how many rows are wanted at the most.
  func readBatch(into batch: inout EvidenceBatch, limit: Int) throws(StoreReadError) -> Pass
}

extension EvidenceTail: EvidenceSource {}
