import CSQLite

/// The bytes that SQLite has read from a database file, for a comparison with the file later.
///
/// If the bytes are the same at two moments, and at some moment in between no writer was in a
/// transaction, then they all belong to the state that was committed at that moment. Commits before
/// and after it do no harm. A reader of old rows finds such a moment even beside a writer that
/// never pauses, because new rows go to other pages.
struct RecordedReads {
  private var reads: [(offset: sqlite3_int64, bytes: [UInt8])] = []
  /// Whether a read failed, perhaps because a writer had not yet written the page.
  var hasFailures = false

  mutating func append(
    _ bytes: UnsafeMutableRawPointer, _ count: Int32, _ offset: sqlite3_int64
  ) {
    let copy = [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    reads.append((offset, Self.withoutCounters(copy, at: offset)))
  }

  /// - Parameter read: reads from the file, as `xRead` does.
  func areCurrent(_ read: ReadAhead.Read) -> Bool {
    !hasFailures
      && reads.allSatisfy { offset, bytes in
        var now = [UInt8](repeating: 0, count: bytes.count)
        let code = now.withUnsafeMutableBytes { buffer in
          buffer.baseAddress.map { read($0, Int32(buffer.count), offset) } ?? SQLITE_OK
        }
        return code == SQLITE_OK && Self.withoutCounters(now, at: offset) == bytes
      }
  }

  /// Clears the bytes of the header that every commit changes, whatever it writes: the change
  /// counter, the number of pages, the free list, and the version that they belong to. Source:
  /// "Database File Format", section 1.3, SQLite.
  private static func withoutCounters(_ bytes: [UInt8], at offset: sqlite3_int64) -> [UInt8] {
    guard offset < 100 else { return bytes }
    var bytes = bytes
    for index in bytes.indices where isCounter(offset + sqlite3_int64(index)) { bytes[index] = 0 }
    return bytes
  }

  private static func isCounter(_ offset: sqlite3_int64) -> Bool {
    (24..<40).contains(offset) || (92..<100).contains(offset)
  }
}
