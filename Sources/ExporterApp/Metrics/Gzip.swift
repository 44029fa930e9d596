import CZlib
import NIOCore

/// Compression with zlib in the gzip format (RFC 1952). Reuses its memory from page to page.
final class Gzip {
  /// On the heap, because zlib's state keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let isReady: Bool

  /// From 1, the fastest, to 9, the smallest. Above 1 a page of metrics gets only a little smaller.
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
        // zlib takes a mutable pointer, but does not write through it.
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
