import CSQLite
import ReflexiveCore

/// The state of a WAL by its `-shm` file. Source: "WAL-mode File Format", section 2.1, SQLite.
struct WALIndex: Hashable {
  /// The salts, which change whenever the WAL restarts after all of it was written back.
  var salts: UInt64
  /// The number of frames that a checkpoint has written to the database file.
  var backfilled: UInt32
  /// The number of frames that a checkpoint has begun to write.
  var attempted: UInt32

  /// Whether a checkpoint is running or was interrupted, or the index was rebuilt after a crash.
  var isCheckpointing: Bool { attempted != backfilled }

  /// - Parameter file: the file of a connection that has read in WAL mode.
  /// - Returns: `nil` if there is no index, or the WAL holds no commit: the index then has the
  ///   salts of no WAL.
  init?(_ file: UnsafeMutablePointer<sqlite3_file>) {
    let (code, region) = Self.map(file)
    // A read-only index reports SQLITE_READONLY and is mapped nevertheless.
    guard code & 0xff == SQLITE_OK || code & 0xff == SQLITE_READONLY, let region else { return nil }
    let frames = region.load(fromByteOffset: 16, as: UInt32.self)
    guard frames > 0 else { return nil }
    salts = region.loadUnaligned(fromByteOffset: 32, as: UInt64.self)
    backfilled = region.load(fromByteOffset: 96, as: UInt32.self)
    attempted = region.load(fromByteOffset: 128, as: UInt32.self)
  }

  /// Whether SQLite could open the index only for reading.
  ///
  /// - Parameter file: the file of a connection that has read in WAL mode.
  static func isReadOnly(_ file: UnsafeMutablePointer<sqlite3_file>) -> Bool {
    map(file).code & 0xff == SQLITE_READONLY
  }

  private static func map(
    _ file: UnsafeMutablePointer<sqlite3_file>
  ) -> (code: Int32, region: UnsafeMutableRawPointer?) {
    guard let methods = file.pointee.pMethods, methods.pointee.iVersion >= 2,
      let map = methods.pointee.xShmMap
    else { return (SQLITE_IOERR, nil) }
    var region: UnsafeMutableRawPointer?
    let regionSize: Int32 = 32 << 10
    let code = withUnsafeMutablePointer(to: &region) { pointer in
      pointer.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: 1) {
        map(file, 0, regionSize, 0, $0)
      }
    }
    return (code, region)
  }
}

extension WALIndex: BinaryFields {
  private init() { (salts, backfilled, attempted) = (0, 0, 0) }

  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&salts)
    try coder.code(&backfilled)
    try coder.code(&attempted)
  }
}
