import CSQLite
import ReflexiveCore

/// The database file of one connection, read without locks.
///
/// Without a WAL, the shared lock of a reader fails the commit of a writer that does not wait. So
/// this reader takes no lock. Instead it compares ``version()`` before and after a read, and drops
/// what it has read if a writer changed the file in between.
///
/// It replaces the methods of the open file with copies that differ in four points. They grant
/// locks without taking them, read pages ahead, offer neither shared memory nor memory mapping, and
/// present a database in WAL mode that has no WAL as one in another mode.
/// Source: "OS Interface File Virtual Methods Object", SQLite; "Database File Format", section 1.3.
final class UnlockedFile {
  /// Bytes 16 to 47 of the header: page size, format versions, change counter, size in pages, free
  /// list and schema cookie. Every commit without a WAL changes the counter, and SQLite writes it
  /// first.
  struct HeaderVersion: Hashable {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    static func == (left: HeaderVersion, right: HeaderVersion) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) {
      hasher.combine(words.0)
      hasher.combine(words.1)
      hasher.combine(words.2)
      hasher.combine(words.3)
    }

    /// Whether `bytes` are the same.
    func matches(_ bytes: ArraySlice<UInt8>) -> Bool {
      withUnsafeBytes(of: words) { $0.elementsEqual(bytes) }
    }

    /// Bytes 40 to 43 of the header, which every change of the schema changes.
    var schemaCookie: UInt32 {
      withUnsafeBytes(of: words) { $0.loadUnaligned(fromByteOffset: 24, as: UInt32.self) }
    }

    /// Reads the header in the database file itself, even if a WAL has a newer one; all zero if the
    /// file has none.
    init(
      _ file: UnsafeMutablePointer<sqlite3_file>, _ methods: UnsafePointer<sqlite3_io_methods>?
    ) {
      let code = withUnsafeMutableBytes(of: &words) { bytes in
        methods?.pointee.xRead?(file, bytes.baseAddress, Int32(bytes.count), 16)
      }
      if code != SQLITE_OK { words = (0, 0, 0, 0) }
    }

    /// Bytes 18 and 19 of the header say 2 for a database in WAL mode.
    var isWAL: Bool {
      withUnsafeBytes(of: words) { $0[2] == 2 || $0[3] == 2 }
    }
  }

  private let file: UnsafeMutablePointer<sqlite3_file>
  private let methods: UnsafeMutablePointer<Methods>

  /// - Parameter file: the file of a connection that has not read yet, and that closes before this
  ///   object is freed.
  init?(_ file: UnsafeMutablePointer<sqlite3_file>) {
    guard let original = file.pointee.pMethods else { return nil }
    self.file = file
    methods = .allocate(capacity: 1)
    methods.initialize(to: Methods(replacing: original))
    file.pointee.pMethods = UnsafeRawPointer(methods).assumingMemoryBound(
      to: sqlite3_io_methods.self)
  }

  deinit {
    methods.pointee.readAhead.drop()
    methods.deinitialize(count: 1)
    methods.deallocate()
  }

  /// Reads the header; all zero if the file has none.
  func version() -> HeaderVersion {
    HeaderVersion(file, methods.pointee.original)
  }

  /// The change counter in the header, which every transaction that writes raises by one. `nil` if
  /// its two copies in the header differ, during a write or after a write by a very old SQLite.
  /// Source: "Database File Format", sections 1.3.6 and 1.3.17, SQLite.
  var changeCounter: UInt32? {
    var header = [UInt8](repeating: 0, count: 100)
    let code = header.withUnsafeMutableBytes { bytes in
      methods.pointee.original.pointee.xRead?(file, bytes.baseAddress, Int32(bytes.count), 0)
    }
    guard code == SQLITE_OK, header[24..<28].elementsEqual(header[92..<96]) else { return nil }
    return header[24..<28].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Starts to record all that SQLite reads from the file, and forgets earlier reads.
  func recordReads() { methods.pointee.reads = RecordedReads() }

  /// Ends the recording. Returns whether the file still has every recorded byte, apart from the
  /// fields of the header that each commit changes.
  func endRecording() -> Bool {
    let reads = methods.pointee.reads
    methods.pointee.reads = nil
    return reads?.areCurrent { [file, methods] in
      methods.pointee.original.pointee.xRead?(file, $0, $1, $2) ?? SQLITE_IOERR
    } ?? false
  }

  /// Whether a writer is in a transaction, whether or not it has begun to write to the file.
  var hasWriter: Bool {
    var reserved: Int32 = 0
    let code = methods.pointee.original.pointee.xCheckReservedLock?(file, &reserved)
    return code != SQLITE_OK || reserved != 0
  }

  /// Whether the writer has not begun to write to the file. This takes a shared lock for a moment,
  /// so ask only about a writer that has been in its transaction for long.
  var isReadable: Bool {
    let original = methods.pointee.original.pointee
    guard original.xLock?(file, SQLITE_LOCK_SHARED) == SQLITE_OK else { return false }
    return original.xUnlock?(file, SQLITE_LOCK_NONE) == SQLITE_OK
  }
}

/// The new methods, which come first because SQLite looks for them there, and the original ones.
private struct Methods {
  var table: sqlite3_io_methods
  let original: UnsafePointer<sqlite3_io_methods>
  var readAhead = ReadAhead()
  var reads: RecordedReads?

  init(replacing original: UnsafePointer<sqlite3_io_methods>) {
    self.original = original
    table = original.pointee
    table.iVersion = 1
    table.xLock = { file, level in
      Methods.of(file)?.pointee.readAhead.drop()
      return level <= SQLITE_LOCK_SHARED ? SQLITE_OK : SQLITE_READONLY
    }
    table.xUnlock = { file, _ in
      Methods.of(file)?.pointee.readAhead.drop()
      return SQLITE_OK
    }
    table.xRead = { file, buffer, count, offset in
      Methods.read(file, buffer, count, offset)
    }
  }

  private static func of(_ file: UnsafeMutablePointer<sqlite3_file>?) -> UnsafeMutablePointer<Self>?
  {
    guard let table = file?.pointee.pMethods else { return nil }
    return UnsafeMutableRawPointer(mutating: table).assumingMemoryBound(to: Methods.self)
  }

  private static func read(
    _ file: UnsafeMutablePointer<sqlite3_file>?, _ buffer: UnsafeMutableRawPointer?,
    _ count: Int32, _ offset: sqlite3_int64
  ) -> Int32 {
    guard let buffer, let methods = of(file), let read = methods.pointee.original.pointee.xRead
    else { return SQLITE_IOERR }
    let code = methods.pointee.readAhead.read(buffer, count, offset) { read(file, $0, $1, $2) }
    if code == SQLITE_OK {
      methods.pointee.reads?.append(buffer, count, offset)
    } else {
      methods.pointee.reads?.hasFailures = true
    }
    if offset == 0, count >= 20 {
      let versions = (buffer + 18).assumingMemoryBound(to: UInt8.self)
      for index in 0..<2 where versions[index] == 2 { versions[index] = 1 }
    }
    return code
  }
}

extension UnlockedFile.HeaderVersion: BinaryFields {
  private init() {}

  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&words.0)
    try coder.code(&words.1)
    try coder.code(&words.2)
    try coder.code(&words.3)
  }
}
