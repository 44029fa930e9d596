import EvidenceStore
import ReflexiveCore

/// Which database answers, and where it is in its own history. What a server does not tell is `nil`.
struct ServerIdentity: Hashable, Sendable {
  var system: String?
  var database: Int64?
  var table: Int64?
  /// When the server started.
  var started: Int64?
  /// The first part of the name of a WAL file; `nil` on a standby.
  var timeline: String?
  /// The highest place in the WAL that was read at.
  var position: UInt64?

  /// Takes what the other one knows, and the higher position of the two.
  func updated(by other: ServerIdentity) -> ServerIdentity {
    ServerIdentity(
      system: other.system ?? system, database: other.database ?? database,
      table: other.table ?? table, started: other.started ?? started,
      timeline: other.timeline ?? timeline,
      position: [position, other.position].compactMap(\.self).max())
  }

  func isSameDatabase(as other: ServerIdentity) -> Bool {
    func agree<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
      guard let left, let right else { return true }
      return left == right
    }
    return agree(system, other.system) && agree(database, other.database)
      && agree(table, other.table)
  }
}

/// What the server answers to the question who it is.
struct ServerState: Sendable {
  var identity = ServerIdentity()
  var isStandby = false
  var highestID: Int64?
  /// Of the table's sequence; `nil` where there is none, or no right to read it.
  var sequenceValue: Int64?
  var sizeBytes: Int64 = 0

  init(_ connection: PostgresConnection, _ query: EvidenceQuery, name: String, isFull: Bool)
    throws(StoreReadError)
  {
    var state = Self.blank
    let system =
      isFull ? "(SELECT system_identifier::text FROM pg_catalog.pg_control_system())" : "NULL"
    let position =
      isFull
      ? """
      CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
        ELSE pg_catalog.pg_current_wal_lsn() END::text,
      CASE WHEN NOT pg_catalog.pg_is_in_recovery()
        THEN pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8) END
      """ : "NULL, NULL"
    let statement = """
      SELECT \(system), (SELECT oid::int8 FROM pg_catalog.pg_database
          WHERE datname = pg_catalog.current_database()),
        pg_catalog.to_regclass($1)::oid::int8, pg_catalog.pg_is_in_recovery(),
        pg_catalog.pg_postmaster_start_time(), \(position),
        (SELECT max(id)::int8 FROM \(query.table)), \(query.definition.sequence ?? "NULL::int8"),
        (SELECT sum(pg_catalog.pg_total_relation_size(o))::int8 FROM pg_catalog.unnest($2) o)
      """
    try connection.run(
      statement, [.text(name), .oids(query.definition.relations)]
    ) { row in
      state.identity = ServerIdentity(
        system: row.text(0), database: row.int64(1), table: row.int64(2), started: row.int64(4),
        timeline: row.text(6), position: row.text(5).flatMap(Self.position))
      state.isStandby = row.bool(3) ?? false
      state.highestID = row.int64(7)
      state.sequenceValue = row.int64(8)
      state.sizeBytes = row.int64(9) ?? 0
    }
    self = state
  }

  init() {}

  private static let blank = ServerState()

  /// `16/B374D848`
  static func position(_ text: String) -> UInt64? {
    let parts = text.utf8.split(separator: UInt8(ascii: "/")).map { String($0) ?? "" }
    guard parts.count == 2, let high = UInt32(parts[0], radix: 16),
      let low = UInt32(parts[1], radix: 16)
    else { return nil }
    return UInt64(high) << 32 | UInt64(low)
  }
}

extension ServerIdentity: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&system)
    try coder.code(&database)
    try coder.code(&table)
    try coder.code(&started)
    try coder.code(&timeline)
    try coder.code(&position)
  }
}
