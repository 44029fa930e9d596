import CSQLite
import Glibc

/// The error that SQLite and the system reported for a call.
struct SQLiteFailure {
  /// Extended result code. Source: "Result and Error Codes", SQLite.
  var code: Int32
  /// The English text of `sqlite3_errmsg`.
  var text: String
  /// `errno` of the system call that failed, or 0.
  var systemError: Int32

  private var primary: Int32 { code & 0xff }

  var kind: StoreReadError.Kind {
    switch primary {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .locked
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: .corrupt
    case SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_MISMATCH: .schema
    case SQLITE_PERM, SQLITE_AUTH: .permission
    case SQLITE_READONLY: code == Self.readOnlyDirectory ? .permission : .recovery
    case SQLITE_CANTOPEN: kindOfOpenFailure
    default: code == Self.ioErrorCorruptFileSystem ? .corrupt : .io
    }
  }

  /// The database itself was found before SQLite opened it. So the `-wal` or `-shm` is missing or
  /// cannot be created, and the next writer restores it.
  private var kindOfOpenFailure: StoreReadError.Kind {
    switch systemError {
    case EACCES, EPERM, EROFS: .permission
    case ENOENT: .recovery
    default: .io
    }
  }

  // Extended codes are macros with arithmetic, which Swift does not import.
  private static let readOnlyDirectory = SQLITE_READONLY | (6 << 8)
  private static let ioErrorCorruptFileSystem = SQLITE_IOERR | (33 << 8)
}

extension StoreReadError {
  init(_ failure: SQLiteFailure, path: String) {
    let kind = failure.kind
    var message = "\(path): \(failure.text) (SQLite code \(failure.code)"
    if failure.systemError != 0 { message += ", errno \(failure.systemError)" }
    self.init(kind, message + "); \(kind.remedy)")
  }

  /// Creates the error for a path whose attributes cannot be read.
  init(systemError: Int32, path: String) {
    let kind: Kind =
      switch systemError {
      case ENOENT, ENOTDIR: .missing
      case EACCES, EPERM: .permission
      default: .io
      }
    let text = String(cString: strerror(systemError))
    self.init(kind, "\(path): \(text) (errno \(systemError)); \(kind.remedy)")
  }
}

extension StoreReadError.Kind {
  fileprivate var remedy: String {
    switch self {
    case .missing: "the exporter reads it as soon as it exists"
    case .locked: "the exporter tries again shortly"
    case .corrupt: "check it with `PRAGMA integrity_check`; restore it only if the check fails"
    case .schema:
      "the exporter needs a table evidence(id, event, payload, ts) that this SQLite can read"
    case .permission: "run the exporter as the user who owns the database"
    case .recovery: "a writer died; the next program that opens it for writing repairs it"
    case .io: "check the disk and the limits of the process"
    }
  }
}
