/// The rows of one bounded pass over a store, in the order of their ids, with the bytes of their text
/// and, once they are decoded, what they say.
///
/// Rows and evidence hold ranges of `bytes` rather than strings, so that a pass costs no allocation
/// per row, and the database is let go before anything is decoded.
package struct EvidenceBatch: Sendable {
  package var rows: [EvidenceRow] = []
  /// One a row, in the rows' order; empty until ``EvidenceDecoder/decode(_:now:)``.
  package var evidence: [Evidence] = []
  package var bytes: [UInt8] = []

  package init() {}

  /// Empties the batch and keeps its memory for the next pass.
  package mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    evidence.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Copies `source` to the end of `bytes`, with a NUL after it, and returns where it stands.
  ///
  /// The NUL is not part of the range. The payload scanner takes it as its sentinel.
  package mutating func append(_ source: UnsafeRawBufferPointer) -> ByteRange {
    let offset = bytes.count
    // Three times a row: `append(contentsOf:)` takes twice as long.
    bytes.append(addingCapacity: source.count + 1) { free in
      free.withUnsafeMutableBufferPointer { buffer, count in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
        count = source.count
      }
      free.append(0)
    }
    return ByteRange(offset: offset, count: source.count)
  }
}
