/// The table `evidence` as this project creates it, and the check of an existing one.
enum EvidenceSchema {
  static let createTable = """
    CREATE TABLE evidence (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      event TEXT NOT NULL,
      payload TEXT NOT NULL,
      ts TEXT NOT NULL
    )
    """

  /// Columns that may hold the time of a row.
  static let timeColumns = ["ts", "timestamp"]

  /// The time columns among `names`.
  static func timeColumns(among names: [String]) -> [String] {
    let known = Set(names.map { $0.lowercased() })
    return timeColumns.filter(known.contains)
  }

  /// The column names in the table's order; empty if there is no such table.
  static func columnNames(_ database: WritableDatabase) throws(StoreWriteError) -> [String] {
    try database.texts("SELECT name FROM pragma_table_info('evidence')")
  }

  /// Throws unless the table has the needed columns and an id that SQLite assigns. It may have
  /// others.
  static func check(
    _ names: [String], _ database: WritableDatabase
  ) throws(StoreWriteError) {
    let known = Set(names.map { $0.lowercased() })
    var differences = ["event", "payload"].filter { !known.contains($0) }.map { "lacks \($0)" }
    if known.isDisjoint(with: timeColumns) { differences.append("lacks ts") }
    let key = try database.texts(
      """
      SELECT lower(name) || ' ' || upper(type) FROM pragma_table_info('evidence') WHERE pk > 0
      """)
    if key != ["id INTEGER"] { differences.append("its primary key is not id INTEGER") }
    guard differences.isEmpty else {
      throw StoreWriteError(
        "\(database.path): the table evidence differs: \(differences.joined(separator: ", "))")
    }
  }
}
