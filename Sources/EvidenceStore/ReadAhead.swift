import CSQLite

/// Reads the next pages of a database file together with the page that SQLite asks for.
///
/// SQLite asks page by page, and in a table that is read from end to end the system calls cost more
/// than the bytes. The buffer is dropped at the beginning and at the end of each transaction. So it
/// is never older than the version that was taken before the read.
struct ReadAhead {
  typealias Read = (UnsafeMutableRawPointer, Int32, sqlite3_int64) -> Int32

  /// In bytes: many pages, but little of the processor's cache.
  private static let byteCount = 64 << 10

  /// Present between the first page read ahead and the end of the transaction.
  private var buffer: UnsafeMutableRawPointer?
  /// The offset of the buffer in the file.
  private var start: sqlite3_int64 = 0
  /// The end of the last page that SQLite asked for, and the number of consecutive pages. The
  /// header and the root of a table are often neighbours, so two are not yet a sequential read.
  private var nextOffset: sqlite3_int64 = -1
  private var pagesInARow = 0
  private static let sequentialPages = 3
  /// Whether a read ahead has failed, at the end of the file or on a bad disk. Pages are then read
  /// one by one.
  private var isExhausted = false

  /// Drops the buffer.
  mutating func drop() {
    buffer?.deallocate()
    self = ReadAhead()
  }

  /// Reads from the buffer, or from the file with `read`.
  mutating func read(
    _ target: UnsafeMutableRawPointer, _ count: Int32, _ offset: sqlite3_int64, from read: Read
  ) -> Int32 {
    // SQLite reads the header in pieces, which are not the start of a sequential read.
    guard count >= 512, count <= Self.byteCount else { return read(target, count, offset) }
    pagesInARow = offset == nextOffset ? pagesInARow + 1 : 1
    nextOffset = offset + sqlite3_int64(count)
    if copy(target, count, offset) { return SQLITE_OK }
    if pagesInARow >= Self.sequentialPages, !isExhausted, fill(at: offset, from: read),
      copy(target, count, offset)
    {
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

  /// - Returns: `false`, with the buffer freed, unless all of it could be read.
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
