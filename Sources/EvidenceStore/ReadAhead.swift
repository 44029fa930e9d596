import CSQLite

/// The pages that come next in a database file, read in one go with the one that was asked for.
///
/// SQLite asks page by page, and for a table that is read from end to end the system calls cost more
/// than the bytes. What is read ahead lives inside one transaction: it is dropped at its beginning
/// and at its end, so it is never older than the first version that the reading is held against.
struct ReadAhead {
  typealias Read = (UnsafeMutableRawPointer, Int32, sqlite3_int64) -> Int32

  /// Bytes: many pages, and still few in the processor's cache.
  private static let byteCount = 64 << 10

  /// Present between the first page read ahead and the end of the transaction.
  private var buffer: UnsafeMutableRawPointer?
  /// Where in the file the buffer begins.
  private var start: sqlite3_int64 = 0
  /// Where the page that was asked for last ends: whoever asks there goes through the file.
  private var sequel: sqlite3_int64?
  /// The end of the file is near, or the disk fails there: pages are read one by one.
  private var isExhausted = false

  /// Forgets what was read ahead.
  mutating func drop() {
    buffer?.deallocate()
    self = ReadAhead()
  }

  /// Reads as `read` does, which reads from the file.
  mutating func read(
    _ target: UnsafeMutableRawPointer, _ count: Int32, _ offset: sqlite3_int64, from read: Read
  ) -> Int32 {
    // The header is looked at in pieces, and not to go on from there.
    guard count >= 512, count <= Self.byteCount else { return read(target, count, offset) }
    defer { sequel = offset + sqlite3_int64(count) }
    if copy(target, count, offset) { return SQLITE_OK }
    if offset == sequel, !isExhausted, fill(at: offset, from: read), copy(target, count, offset) {
      return SQLITE_OK
    }
    return read(target, count, offset)
  }

  private func copy(
    _ target: UnsafeMutableRawPointer, _ count: Int32, _ offset: sqlite3_int64
  ) -> Bool {
    guard let buffer, offset >= start,
      offset - start <= sqlite3_int64(Self.byteCount) - sqlite3_int64(count)
    else { return false }
    target.copyMemory(from: buffer + Int(offset - start), byteCount: Int(count))
    return true
  }

  /// - Returns: false, and the buffer is gone, unless the file has all of it.
  private mutating func fill(at offset: sqlite3_int64, from read: Read) -> Bool {
    let target = buffer ?? .allocate(byteCount: Self.byteCount, alignment: 16)
    guard read(target, Int32(Self.byteCount), offset) == SQLITE_OK else {
      target.deallocate()
      buffer = nil
      isExhausted = true
      return false
    }
    (buffer, start) = (target, offset)
    return true
  }
}
