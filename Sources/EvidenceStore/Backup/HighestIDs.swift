/// Where a copy ends, and the id from which its table goes on.
///
/// They may be those of another moment than the copied rows: the rows are checked, and these only bound
/// them. So they are read without waiting for a moment without a writer.
struct HighestIDs {
  /// Of the table; `nil` while it has no row. The copy leaves later rows out, so that it ends.
  let inTable: Int64?
  /// Of all rows that the table ever had; `nil` unless it has AUTOINCREMENT and had a row.
  let ever: Int64?

  /// Reads them, in a snapshot.
  init(_ connection: Connection) throws(StoreReadError) {
    inTable = try Statement(
      connection, "SELECT id FROM main.evidence ORDER BY id DESC LIMIT 1"
    ).integer()
    let hasSequence = try Statement(
      connection, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'sqlite_sequence'"
    ).integer()
    ever =
      hasSequence == 0
      ? nil
      : try Statement(
        connection,
        "SELECT seq FROM main.sqlite_sequence WHERE name = 'evidence' COLLATE NOCASE"
      ).integer()
  }
}
