package import ReflexiveCore

/// The rows of one store, read batch by batch. One caller at a time.
package protocol EvidenceSource {
  /// The location of the rows, for messages.
  var path: String { get }

  /// Reads the next rows. If it throws, `batch` is empty, and the next call continues after the
  /// rows that were read before.
  ///
  /// - Parameters:
  ///   - batch: emptied first.
  ///   - limit: the most rows to read, approximately.
  func readBatch(into batch: inout EvidenceBatch, limit: Int) throws(StoreReadError) -> Pass
}

extension EvidenceTail: EvidenceSource {}
