import CSQLite

/// The SQLite that the process runs with.
package enum SQLiteLibrary {
  package static var version: String { String(cString: sqlite3_libversion()) }
}
