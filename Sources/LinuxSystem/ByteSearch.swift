import Glibc

/// Searches bytes, several at a time.
package enum ByteSearch {
  /// The index of the first `byte` in `range` of `bytes`; `nil` if there is none.
  package static func first(_ byte: UInt8, in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    bytes.withUnsafeBytes { buffer in
      guard !range.isEmpty, range.lowerBound >= 0, range.upperBound <= buffer.count,
        let base = buffer.baseAddress,
        let found = memchr(base + range.lowerBound, Int32(byte), range.count)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }
}
