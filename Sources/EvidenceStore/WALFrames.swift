import Glibc

/// The frames of a WAL file. Source: "WAL-mode File Format", section 1, SQLite.
///
/// SQLite locks the `-shm` file and not the WAL, so opening and closing the WAL here drops no lock.
enum WALFrames {
  private static let walHeaderSize = 32
  private static let frameHeaderSize = 24
  /// The most frames to look at, from the newest on.
  private static let limit = 100_000

  /// Whether a frame has this header for the first page of the database. Also `true` if the WAL
  /// cannot be read, or has more frames than the limit.
  static func contain(_ header: UnlockedFile.HeaderVersion, path: String) -> Bool {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return true }
    defer { close(file) }
    let size = Int(lseek(file, 0, SEEK_END))
    guard let start = read(file, at: 0, count: walHeaderSize), size > walHeaderSize else {
      return true
    }
    let frameSize = frameHeaderSize + Int(bigEndian(start, at: 8))
    let count = (size - walHeaderSize) / frameSize
    let oldest = max(0, count - limit)
    for frame in (oldest..<count).reversed() {
      let offset = walHeaderSize + frame * frameSize
      guard let bytes = read(file, at: offset, count: frameHeaderSize + 48) else { return true }
      if bigEndian(bytes, at: 0) == 1, header.matches(bytes[(frameHeaderSize + 16)...]) {
        return true
      }
    }
    return oldest > 0
  }

  private static func read(_ file: Int32, at offset: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    return pread(file, &bytes, count, offset) == count ? bytes : nil
  }

  private static func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
