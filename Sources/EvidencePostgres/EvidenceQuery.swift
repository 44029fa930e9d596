import ConfigurationFiles
import EvidenceStore
import ReflexiveCore

/// The statements that read rows of one table, and what their rows become.
///
/// A row is `id, event, payload, length of the payload, time`. The inner SELECT with its LIMIT lets the
/// server print a jsonb once.
struct EvidenceQuery {
  let table: String
  let definition: TableDefinition
  let payloadLimit: Int
  /// Rows with ids from `$1` on, at most `$2`. Every look asks for them.
  private(set) var rowsAbove = ""

  init(_ table: TableName, _ definition: TableDefinition, payloadLimit: Int) {
    self.table = table.quoted
    self.definition = definition
    self.payloadLimit = payloadLimit
    rowsAbove = above(.all)
  }

  /// How much of a row is read.
  enum Detail {
    case all
    /// For a row whose payload cannot be sent.
    case withoutPayload
    case idAlone
  }

  /// Selects the lowest id that is at least `$1`.
  var anyAbove: String {
    "SELECT t.id::pg_catalog.int8 FROM \(table) t WHERE t.id >= $1 ORDER BY t.id LIMIT 1"
  }

  private func above(_ detail: Detail) -> String {
    "SELECT \(outer) FROM (\(inner(detail, "t.id >= $1", "$2"))) r"
  }

  /// Those and, first, rows of gaps from `$3` to `$4`, at most `$5` of each.
  func rowsAboveAndInGaps(_ detail: Detail = .all) -> String {
    """
    SELECT \(outer) FROM ROWS FROM (pg_catalog.unnest($3), pg_catalog.unnest($4)) g(lo, hi)
    CROSS JOIN LATERAL (\(inner(detail, "t.id >= g.lo AND t.id <= g.hi", "$5"))) r
    UNION ALL (\(above(detail)))
    """
  }

  /// A row without id that names the transactions of the snapshot: the first that is running, and the
  /// first that has not begun.
  var snapshot: String {
    """
    UNION ALL SELECT NULL, pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::text,
      pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text, NULL, NULL::\(timeType)
    """
  }

  /// Rows with the ids `$1`, at most `$2`.
  func rows(_ detail: Detail = .all, where condition: String = "t.id = ANY ($1)") -> String {
    "SELECT \(outer) FROM (\(inner(detail, condition, "$2"))) r"
  }

  /// Rows from `$1` to `$2`, the highest first, at most `$3`.
  var highestRows: String {
    "SELECT \(outer) FROM (\(inner(.all, "t.id >= $1 AND t.id <= $2", "$3", isDescending: true))) r"
  }

  private var outer: String {
    """
    r.id, r.event, CASE WHEN pg_catalog.octet_length(r.p) <= \(payloadLimit) THEN r.p END,
      pg_catalog.octet_length(r.p), r.ts
    """
  }

  private func inner(
    _ detail: Detail, _ condition: String, _ limit: String, isDescending: Bool = false
  ) -> String {
    let event = detail == .idAlone ? "NULL" : "t.event"
    let payload = detail == .all ? "t.payload" : "NULL"
    let time = detail == .idAlone ? nil : definition.timeColumn.map { "t.\(TableName.quote($0))" }
    return """
      SELECT t.id::pg_catalog.int8 AS id, \(event)::pg_catalog.text AS event,
        \(payload)::pg_catalog.text AS p, \(time ?? "NULL")::\(timeType) AS ts
      FROM \(table) t WHERE \(condition) ORDER BY t.id \(isDescending ? "DESC" : "")
      LIMIT \(limit)
      """
  }

  private var timeType: String {
    switch definition.timeForm {
    case .instant: "pg_catalog.\(definition.hasZone ? "timestamptz" : "timestamp")"
    case .number: "pg_catalog.float8"
    case .none, .text: "pg_catalog.text"
    }
  }
}

// MARK: - Rows

extension EvidenceQuery {
  /// Appends a row to the batch.
  func append(_ row: borrowing PostgresRow, to batch: inout EvidenceBatch) {
    guard let id = row.int64(0) else { return }
    var evidence = EvidenceRow(
      id: id, event: Self.text(row, 1, &batch), payload: Self.payload(row, &batch))
    let time = time(row, &batch)
    if definition.timeColumn == "timestamp" {
      evidence.timestamp = time
    } else {
      evidence.ts = time
    }
    batch.rows.append(evidence)
  }

  private static func text(
    _ row: borrowing PostgresRow, _ column: Int32, _ batch: inout EvidenceBatch
  ) -> SQLiteValue {
    row.isNull(column) ? .null : .text(batch.append(row.bytes(column)))
  }

  private static func payload(
    _ row: borrowing PostgresRow, _ batch: inout EvidenceBatch
  ) -> SQLiteValue {
    row.isNull(2) && !row.isNull(3) ? .tooLarge : text(row, 2, &batch)
  }

  private func time(
    _ row: borrowing PostgresRow, _ batch: inout EvidenceBatch
  ) -> SQLiteValue {
    switch definition.timeForm {
    case .none: return .null
    case .text: return Self.text(row, 4, &batch)
    case .number: return row.double(4).map { .real($0) } ?? .null
    case .instant:
      // The extremes are infinity, which is no time.
      guard let time = row.int64(4), time != .max, time != .min else { return .null }
      return .real(Self.unixTime(microsecondsSince2000: time).seconds)
    }
  }

  static func unixTime(microsecondsSince2000 time: Int64) -> UnixTime {
    let (seconds, rest) = time.quotientAndRemainder(dividingBy: 1_000_000)
    let borrows: Int64 = rest < 0 ? 1 : 0
    return UnixTime(
      seconds: seconds - borrows + 946_684_800, nanoseconds: (rest + borrows * 1_000_000) * 1000)
  }
}
