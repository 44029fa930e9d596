import CSQLite
import Glibc

/// The database file beneath a WAL, and how much of the WAL is written back to it.
///
/// Only checkpoints write to that file. If it is overwritten in place (`cp backup.db evidence.db`),
/// SQLite notices nothing: it goes on reading the pages that the WAL has, which are of the old
/// database, and takes the others from the new one.
struct FileBeneathWAL: Hashable {
  enum Change: Hashable {
    /// Nothing was written, or a checkpoint wrote it.
    case none
    /// Something else wrote what looks like the same content.
    case rewritten
    /// Something else wrote other content, to which the WAL does not belong.
    case overwritten
  }

  var size: Int64
  /// Nanoseconds since 1970.
  var modified: Int64
  /// The header in the file itself, not the one in the WAL.
  var header: UnlockedFile.HeaderVersion
  var index: WALIndex

  /// How long a checkpoint may go without progress, in nanoseconds.
  private static let longestCheckpoint: Int64 = 10_000_000_000

  /// What happened to the file since `earlier`.
  ///
  /// - Parameter now: nanoseconds since 1970.
  func change(since earlier: FileBeneathWAL, now: Int64) -> Change {
    guard size != earlier.size || modified != earlier.modified else { return .none }
    guard index.salts == earlier.index.salts, index.backfilled == earlier.index.backfilled else {
      return .none
    }
    let isSame = header == earlier.header && size == earlier.size
    // A checkpoint is running or was broken off. As long as it may be running, the write may be its
    // own.
    if index.attempted > index.backfilled {
      return isSame || now - modified < Self.longestCheckpoint ? .none : .overwritten
    }
    return isSame ? .rewritten : .overwritten
  }
}

/// The state of a WAL by its `-shm` file. Source: "WAL-mode File Format", section 2.1, SQLite.
struct WALIndex: Hashable {
  /// They change whenever the WAL starts again from its beginning, after all of it was written
  /// back.
  var salts: UInt64
  /// Frames that a checkpoint has written to the database file.
  var backfilled: UInt32
  /// Frames that a checkpoint has begun to write there.
  var attempted: UInt32

  /// - Parameter file: of a connection that has read in WAL mode.
  /// - Returns: `nil` if there is no index.
  init?(_ file: UnsafeMutablePointer<sqlite3_file>) {
    var region: UnsafeMutableRawPointer?
    let regionSize: Int32 = 32 << 10
    guard let methods = file.pointee.pMethods, methods.pointee.iVersion >= 2,
      let map = methods.pointee.xShmMap
    else { return nil }
    let code = withUnsafeMutablePointer(to: &region) { pointer in
      pointer.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: 1) {
        map(file, 0, regionSize, 0, $0)
      }
    }
    // A read-only index reports SQLITE_READONLY and is mapped nevertheless.
    guard code & 0xff == SQLITE_OK || code & 0xff == SQLITE_READONLY, let region else { return nil }
    salts = region.loadUnaligned(fromByteOffset: 32, as: UInt64.self)
    backfilled = region.load(fromByteOffset: 96, as: UInt32.self)
    attempted = region.load(fromByteOffset: 128, as: UInt32.self)
  }
}
