/// The id at which a copy ends, and the highest id that its table ever had.
///
/// They may belong to another moment than the copied rows. They only bound the rows, which are
/// checked themselves, so they are read without waiting for a moment without a writer.
struct HighestIDs {
  /// How often to read them. A read during a write may be wrong, but hardly this many times.
  private static let reads = 4

  /// The highest id in the table; `nil` if it is empty. The copy leaves out later rows, so that it
  /// ends.
  let inTable: Int64?
  /// The highest id that the table ever had; `nil` unless it has AUTOINCREMENT and had a row.
  let ever: Int64?

  /// Reads the ids several times.
  ///
  /// Of the ids in the table, the highest counts: too low an id would leave rows out, and too high
  /// an id does no harm. Of the others, the lowest counts: too high an id would stay in the copy,
  /// and too low an id is replaced by that of the last row.
  init(_ connection: Connection) throws(StoreReadError) {
    var found: [(inTable: Int64?, ever: Int64?)] = []
    for _ in 0..<Self.reads {
      connection.releaseCache()
      found.append(
        try connection.withSnapshot { () throws(StoreReadError) in
          (try Self.inTable(connection), try Self.ever(connection))
        })
    }
    inTable = found.compactMap(\.inTable).max()
    ever = found.compactMap(\.ever).min()
  }

  private static func inTable(_ connection: Connection) throws(StoreReadError) -> Int64? {
    try Statement(connection, "SELECT id FROM main.evidence ORDER BY id DESC LIMIT 1").integer()
  }

  private static func ever(_ connection: Connection) throws(StoreReadError) -> Int64? {
    let hasSequence = try Statement(
      connection, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'sqlite_sequence'"
    ).integer()
    if hasSequence == 0 { return nil }
    return try Statement(
      connection, "SELECT seq FROM main.sqlite_sequence WHERE name = 'evidence' COLLATE NOCASE"
    ).integer()
  }
}
