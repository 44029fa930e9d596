import CSQLite
import Glibc

/// The evidence in a copy.
package struct CopiedEvidence: Hashable, Sendable {
  package var rows: Int64
  package var firstID: Int64?
  package var lastID: Int64?
}

/// Reads a copy to its end, without creating a file beside it.
enum CopyCheck {
  /// A day in milliseconds: these statements may take as long as they need.
  private static let budget: Int64 = 86_400_000

  /// - Throws: if SQLite's integrity check finds something, or there is no evidence.
  static func read(_ path: String) throws(BackupError) -> CopiedEvidence {
    guard let resolved = realpath(path, nil) else {
      throw BackupError("\(path): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    let name = String(cString: resolved)
    return try asBackup { () throws(StoreReadError) in
      let connection = try Connection(path: name)
      _ = try connection.unlock()
      return try connection.withSnapshot(milliseconds: budget) { () throws(StoreReadError) in
        let problem = try Statement(connection, "PRAGMA main.integrity_check(1)").text()
        guard problem == "ok" else {
          throw StoreReadError(.corrupt, "\(path): \(problem ?? "SQLite gives no reason")")
        }
        func integer(_ sql: String) throws(StoreReadError) -> Int64? {
          try Statement(connection, "SELECT \(sql) FROM main.evidence").integer()
        }
        return CopiedEvidence(
          rows: try integer("count(*)") ?? 0, firstID: try integer("min(id)"),
          lastID: try integer("max(id)"))
      }
    }
  }
}
