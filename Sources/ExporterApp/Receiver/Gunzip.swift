import CZlib

/// Decompresses the gzip format (RFC 1952) with zlib, with a limit on the output.
enum Gunzip {
  enum Failure: Error, Hashable {
    /// The input is not gzip, is cut off, or is followed by something else.
    case broken
    /// The output would be over the limit.
    case tooLarge
  }

  private static let pieceSize = 64 << 10

  /// Decompresses one or several members.
  static func decompress(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
    guard let length = UInt32(exactly: bytes.count) else { throw .tooLarge }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    // 15 bits of window, and 16 for the gzip format alone: zlib.h, "inflateInit2".
    guard
      inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { throw .broken }
    defer { inflateEnd(stream) }
    var output: [UInt8] = []
    output.reserveCapacity(min(limit, bytes.count * 4))
    var piece = [UInt8](repeating: 0, count: pieceSize)
    var failure: Failure?
    bytes.withUnsafeBufferPointer { input in
      // zlib takes a mutable pointer, but does not write through it.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = length
      failure = inflateAll(stream, &piece, into: &output, limit: limit)
    }
    if let failure { throw failure }
    return output
  }

  private static func inflateAll(
    _ stream: UnsafeMutablePointer<z_stream>, _ piece: inout [UInt8], into output: inout [UInt8],
    limit: Int
  ) -> Failure? {
    while true {
      let status = piece.withUnsafeMutableBufferPointer { buffer in
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        return inflate(stream, Z_NO_FLUSH)
      }
      let count = piece.count - Int(stream.pointee.avail_out)
      guard count <= limit - output.count else { return .tooLarge }
      output += piece[..<count]
      switch status {
      case Z_STREAM_END:
        if stream.pointee.avail_in == 0 { return nil }
        guard inflateReset(stream) == Z_OK else { return .broken }
      // Without input or output, inflate makes no progress: the rest is missing.
      case Z_OK: if stream.pointee.avail_in == 0, count < piece.count { return .broken }
      default: return .broken
      }
    }
  }
}
