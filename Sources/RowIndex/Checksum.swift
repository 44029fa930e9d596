/// Tells whether bytes are the ones that were written: any change within one word of eight bytes is
/// noticed for sure, any other but for one chance in 2^64. Four lanes, so that it takes a fraction of
/// the time of reading.
enum Checksum {
  private static let multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15

  static func of(_ bytes: RawSpan) -> UInt64 {
    var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
    var offset = 0
    while offset + 32 <= bytes.byteCount {
      lanes.0 = fold(lanes.0, bytes.word(at: offset))
      lanes.1 = fold(lanes.1, bytes.word(at: offset + 8))
      lanes.2 = fold(lanes.2, bytes.word(at: offset + 16))
      lanes.3 = fold(lanes.3, bytes.word(at: offset + 24))
      offset += 32
    }
    while offset + 8 <= bytes.byteCount {
      lanes.0 = fold(lanes.0, bytes.word(at: offset))
      offset += 8
    }
    var rest: UInt64 = 0
    while offset < bytes.byteCount {
      rest = rest << 8 | UInt64(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
      offset += 1
    }
    let sum = fold(fold(fold(fold(lanes.0, lanes.1), lanes.2), lanes.3), rest)
    return fold(sum, UInt64(bytes.byteCount))
  }

  /// One to one in each of its arguments.
  @inline(__always)
  private static func fold(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    let product = (sum ^ word) &* multiplier
    return product ^ product >> 29
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func word(at offset: Int) -> UInt64 {
    unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
  }
}
