import ConfigurationFiles
import EvidenceStore

/// What the server says of the table: which columns it has, and how they are read.
struct TableDefinition: Hashable {
  /// How the time column is read.
  enum TimeForm: Hashable {
    case none
    /// Microseconds since 2000, in UTC.
    case instant
    case number
    case text
  }

  var oid: Int64
  /// The table and its partitions.
  var relations: [Int64]
  var timeColumn: String?
  var timeForm: TimeForm
  /// The time column is a `timestamptz`.
  var hasZone: Bool
  /// `SELECT last_value …`; `nil` where there is no sequence, or no right to read it.
  var sequence: String?
  /// The lowest id that its sequence gives.
  var lowestID: Int64?
  var isView: Bool

  var info: StoreInfo.TimeColumn {
    StoreInfo.TimeColumn(hasTS: timeColumn == "ts", hasTimestamp: timeColumn == "timestamp")
  }
}

extension TableDefinition {
  private struct Column {
    var type: Int64
    var category: String
  }

  /// Reads it, and refuses a table that can't be followed.
  init(_ connection: PostgresConnection, _ table: TableName) throws(StoreReadError) {
    var columns: [String: Column] = [:]
    var found: (oid: Int64, kind: String)?
    try connection.run(Self.columnsSQL, [.text(table.quoted)]) { row in
      guard let oid = row.int64(0), let kind = row.text(1) else { return }
      found = (oid, kind)
      guard let name = row.text(2), let type = row.int64(3) else { return }
      columns[name] = Column(type: type, category: row.text(4) ?? "")
    }
    func refused(_ reason: String) -> StoreReadError {
      StoreReadError(.schema, "\(connection.url): \(reason)")
    }
    guard let found else { throw refused("there is no such table, or no right to see its schema") }
    guard "rpvm".contains(found.kind) else {
      throw refused("it is neither a table nor a view of this database")
    }
    guard let id = columns["id"], [20, 21, 23].contains(id.type) else {
      throw refused("it has no column id of type bigint, integer or smallint")
    }
    guard columns["event"] != nil else { throw refused("it has no column event") }
    guard let payload = columns["payload"],
      payload.category == "S" || [114, 3802].contains(payload.type)
    else { throw refused("it has no column payload of type text, json or jsonb") }
    oid = found.oid
    isView = found.kind == "v" || found.kind == "m"
    timeColumn = ["ts", "timestamp"].first { columns[$0] != nil }
    hasZone = timeColumn.flatMap { columns[$0] }?.type == 1184
    timeForm =
      switch timeColumn.flatMap({ columns[$0] })?.type {
      case nil: .none
      case 1114, 1184: .instant
      case 20, 21, 23, 700, 701, 1700: .number
      default: .text
      }
    relations = []
    (sequence, lowestID) = (nil, nil)
    if !isView {
      try readIndex(connection, isPartitioned: found.kind == "p")
      try readRelations(connection)
    }
    try readSequence(connection)
  }

  private mutating func readIndex(
    _ connection: PostgresConnection, isPartitioned: Bool
  ) throws(StoreReadError) {
    var (hasIndex, isUnique) = (false, false)
    try connection.run(Self.indexSQL, [.int8(oid)]) { row in
      hasIndex = row.bool(0) ?? false
      isUnique = row.bool(1) ?? false
    }
    guard hasIndex, isUnique || isPartitioned else {
      throw StoreReadError(
        .schema,
        "\(connection.url): the column id needs a unique index of its own, such as a primary key")
    }
  }

  private mutating func readRelations(
    _ connection: PostgresConnection
  ) throws(StoreReadError) {
    var relations: [Int64] = []
    try connection.run(Self.relationsSQL, [.int8(oid)]) { row in
      if let oid = row.int64(0) { relations.append(oid) }
    }
    self.relations = relations
  }

  private mutating func readSequence(
    _ connection: PostgresConnection
  ) throws(StoreReadError) {
    var (name, lowest, isDescending) = (String?.none, Int64?.none, false)
    try connection.run(Self.sequenceSQL, [.int8(oid)]) { row in
      lowest = row.int64(1)
      isDescending = row.bool(2) ?? false
      if row.bool(3) ?? false { name = row.text(0) }
    }
    guard !isDescending else {
      throw StoreReadError(.schema, "\(connection.url): its sequence goes down; ids have to go up")
    }
    lowestID = lowest
    sequence = name.map { "(SELECT last_value::pg_catalog.int8 FROM \($0))" }
  }

  private static let columnsSQL = """
    SELECT c.oid::pg_catalog.int8, c.relkind::pg_catalog.text, a.attname::pg_catalog.text,
      coalesce(nullif(t.typbasetype, 0), t.oid)::pg_catalog.int8, t.typcategory::pg_catalog.text
    FROM pg_catalog.pg_class c
    LEFT JOIN pg_catalog.pg_attribute a
      ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE c.oid = pg_catalog.to_regclass($1)
    """

  private static let indexSQL = """
    SELECT count(*) > 0, coalesce(bool_or(i.indisunique AND i.indnkeyatts = 1), false)
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indrelid = $1::pg_catalog.oid AND a.attname = 'id' AND i.indisvalid AND i.indpred IS NULL
    """

  private static let relationsSQL = """
    WITH RECURSIVE r(oid) AS (
      SELECT $1::pg_catalog.int8::pg_catalog.oid
      UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN r ON i.inhparent = r.oid)
    SELECT oid::pg_catalog.int8 FROM r
    """

  private static let sequenceSQL = """
    SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), s.seqmin, s.seqincrement < 0,
      pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid
    JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE d.refobjid = $1::pg_catalog.oid AND a.attname = 'id' AND d.classid = 'pg_catalog.pg_class'::regclass
      AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
    """
}
