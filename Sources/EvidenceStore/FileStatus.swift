import Glibc

/// Which file it is, whatever its name: the same after a rename, another after a replacement.
struct FileIdentity: Hashable, Sendable {
  var device: UInt64
  /// File systems hand out the number of a deleted file again, hence the time of birth beside it.
  var inode: UInt64
  /// Nanoseconds since 1970, or `nil` where the file system does not keep it.
  var birth: Int64?
}

/// What the file system says of a file.
package struct FileStatus: Hashable, Sendable {
  var identity: FileIdentity
  var isRegular: Bool
  var owner: UInt32
  /// Bytes.
  var size: Int64
  /// How many names it has.
  package var links: UInt32
  /// The mount that the path led to; `nil` where the kernel does not tell (Linux before 5.8).
  package var mount: UInt64?
  /// Nanoseconds since 1970: set by every write, by nobody at will. Its grain may be as coarse as
  /// a tick of the kernel, 1 to 10 ms.
  package var changed: Int64

  /// `errno` of the call that failed.
  package struct Failure: Error {
    var systemError: Int32
  }

  /// Follows symbolic links.
  package init(of path: String) throws(Failure) {
    var buffer: (Words, Words) = (Words(repeating: 0), Words(repeating: 0))
    let code = withUnsafeMutableBytes(of: &buffer) { bytes in
      statx(AT_FDCWD, path, 0, Self.basicStatus | Self.birthTime | Self.mountID, bytes.baseAddress)
    }
    guard code == 0 else { throw Failure(systemError: errno) }
    self = withUnsafeBytes(of: buffer) { FileStatus(statx: $0) }
  }

  /// - Parameter bytes: `struct statx` of the Linux kernel, statx(2); the offsets are its ABI.
  private init(statx bytes: UnsafeRawBufferPointer) {
    func load<T: BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
      bytes.loadUnaligned(fromByteOffset: offset, as: type)
    }
    func time(_ offset: Int) -> Int64 {
      load(offset, as: Int64.self) &* 1_000_000_000 &+ Int64(load(offset + 8, as: UInt32.self))
    }
    let known = load(0, as: UInt32.self)
    identity = FileIdentity(
      device: load(136, as: UInt64.self), inode: load(32, as: UInt64.self),
      birth: known & Self.birthTime != 0 ? time(80) : nil)
    isRegular = UInt32(load(28, as: UInt16.self)) & S_IFMT == S_IFREG
    owner = load(20, as: UInt32.self)
    links = load(16, as: UInt32.self)
    mount = known & Self.mountID != 0 ? load(144, as: UInt64.self) : nil
    size = Int64(clamping: load(40, as: UInt64.self))
    changed = time(96)
  }

  /// Half of the 256 bytes of a `struct statx`.
  private typealias Words = SIMD16<UInt64>
  private static let basicStatus: UInt32 = 0x7ff
  private static let birthTime: UInt32 = 0x800
  private static let mountID: UInt32 = 0x1000
}

/// Declared here because glibc shows it only with `_GNU_SOURCE`, which Swift's module of it lacks.
@_silgen_name("statx")
private func statx(
  _ directory: Int32, _ path: UnsafePointer<CChar>, _ flags: Int32, _ mask: UInt32,
  _ buffer: UnsafeMutableRawPointer?
) -> Int32
