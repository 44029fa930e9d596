import CZlib
import NIOCore

/// Compression with zlib in the gzip format (RFC 1952).
enum Gzip {
  /// - Parameter level: 1 is fast, 9 is small. A page of metrics gets little smaller than at 1.
  /// - Returns: `nil` if zlib has no memory for it.
  static func compress(_ bytes: ByteBufferView, level: Int32 = 1) -> [UInt8]? {
    // 15 bits of window, and 16 for the gzip format: zlib.h, "deflateInit2".
    let windowBits: Int32 = 15 + 16
    var stream = z_stream()
    guard let length = UInt32(exactly: bytes.count),
      deflateInit2_(
        &stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(length)))
    var status = Z_OK
    let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      bytes.withUnsafeBytes { input in
        // zlib takes a pointer that it could write through, and does not.
        stream.next_in = UnsafeMutablePointer(
          mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = length
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(clamping: bound)
        status = deflate(&stream, Z_FINISH)
      }
      count = bound - Int(stream.avail_out)
    }
    return status == Z_STREAM_END ? output : nil
  }
}
