import CZlib
import NIOCore

/// Compression with zlib in the gzip format (RFC 1952), with the memory of one page for the next.
final class Gzip {
  /// At an address of its own: zlib's state points back to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let isReady: Bool

  /// Of 1, the fastest, to 9, the smallest. A page of metrics gets little smaller than at 1.
  private static let level: Int32 = 1

  init() {
    stream.initialize(to: z_stream())
    // 15 bits of window, and 16 for the gzip format: zlib.h, "deflateInit2".
    let windowBits: Int32 = 15 + 16
    isReady =
      deflateInit2_(
        stream, Self.level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { deflateEnd(stream) }
    stream.deallocate()
  }

  /// - Returns: `nil` if zlib has no memory for it.
  func compress(_ bytes: ByteBufferView) -> [UInt8]? {
    guard isReady, let length = UInt32(exactly: bytes.count), deflateReset(stream) == Z_OK else {
      return nil
    }
    let bound = Int(deflateBound(stream, UInt(length)))
    var status = Z_OK
    let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      bytes.withUnsafeBytes { input in
        // zlib takes a pointer that it could write through, and does not.
        stream.pointee.next_in = UnsafeMutablePointer(
          mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = length
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(clamping: bound)
        status = deflate(stream, Z_FINISH)
      }
      count = bound - Int(stream.pointee.avail_out)
    }
    return status == Z_STREAM_END ? output : nil
  }
}
