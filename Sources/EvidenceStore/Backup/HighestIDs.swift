/// Where a copy ends, and the id from which its table goes on.
///
/// They may be those of another moment than the copied rows: the rows are checked, and these only bound
/// them. So they are read without waiting for a moment without a writer.
struct HighestIDs {
  /// A read beside a write may be wrong, but hardly one as often as this.
  private static let reads = 4

  /// Of the table; `nil` while it has no row. The copy leaves later rows out, so that it ends.
  let inTable: Int64?
  /// Of all rows that the table ever had; `nil` unless it has AUTOINCREMENT and had a row.
  let ever: Int64?

  /// Reads them several times.
  ///
  /// Of the ids in the table the highest counts: one that is too low would leave rows out, and one that
  /// is too high does no harm. Of the others the lowest counts: one that is too high would stay in the
  /// copy, and one that is too low is replaced by the id of the last row.
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
