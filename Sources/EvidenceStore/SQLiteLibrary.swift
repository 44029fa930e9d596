import CSQLite

/// The SQLite library of this process.
package enum SQLiteLibrary {
  package static var version: String { String(cString: sqlite3_libversion()) }
}
