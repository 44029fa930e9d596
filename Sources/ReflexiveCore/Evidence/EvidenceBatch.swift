/// The rows of one pass over a store in order of id, the bytes that they refer to and, once
/// decoded, their evidence.
///
/// Rows and evidence hold ranges of `bytes` instead of strings. So a pass allocates nothing per
/// row, and its transaction ends before anything is decoded.
package struct EvidenceBatch: Sendable {
  package var rows: [EvidenceRow] = []
  /// One element per row, in the same order; empty until ``EvidenceDecoder/decode(_:now:)``.
  package var evidence: [Evidence] = []
  package var bytes: [UInt8] = []

  package init() {}

  /// Empties the batch and keeps its memory for the next pass.
  package mutating func removeAll() {
    rows.removeAll(keepingCapacity: true)
    evidence.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Empties the batch and frees its memory, if that is more than a few rows need.
  package mutating func removeAllAfterCatchUp() {
    if bytes.capacity > Self.usualBytes { self = EvidenceBatch() } else { removeAll() }
  }

  private static let usualBytes = 64 << 10

  /// Copies `source` to the end of `bytes`, adds a NUL, and returns the range.
  ///
  /// The NUL is not part of the range. The payload scanner uses it as its sentinel.
  package mutating func append(_ source: UnsafeRawBufferPointer) -> ByteRange {
    let offset = bytes.count
    // This runs three times per row, and `append(contentsOf:)` takes twice as long.
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
