/// The table `evidence` as this project makes it, and what of an existing one has to agree.
enum EvidenceSchema {
  static let createTable = """
    CREATE TABLE evidence (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      event TEXT NOT NULL,
      payload TEXT NOT NULL,
      ts TEXT NOT NULL
    )
    """

  /// In the table's order; empty if there is no such table.
  static func columnNames(_ database: WritableDatabase) throws(StoreWriteError) -> [String] {
    try database.texts("SELECT name FROM pragma_table_info('evidence')")
  }

  /// Extra columns are the owner's business; ids that SQLite does not give are not.
  static func check(
    _ names: [String], _ database: WritableDatabase
  ) throws(StoreWriteError) {
    let known = Set(names.map { $0.lowercased() })
    var differences = ["event", "payload"].filter { !known.contains($0) }.map { "lacks \($0)" }
    if known.isDisjoint(with: ["ts", "timestamp"]) { differences.append("lacks ts") }
    let key = try database.texts(
      """
      SELECT lower(name) || ' ' || upper(type) FROM pragma_table_info('evidence') WHERE pk > 0
      """)
    if key != ["id INTEGER"] { differences.append("its primary key is not id INTEGER") }
    guard differences.isEmpty else {
      throw StoreWriteError(
        "\(database.path): there is another table evidence: \(differences.joined(separator: ", "))")
    }
  }
}
