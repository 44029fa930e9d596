import ConfigurationFiles
import EvidenceStore
import LinuxSystem
import ReflexiveCore

/// A connection that knows the table. Not thread-safe: one caller at a time.
final class PostgresSession {
  /// What shows that nobody can fill a gap any more.
  enum Proof {
    /// The locks that writers hold.
    case locks
    /// The transactions of a snapshot: a standby has no locks of writers.
    case snapshot
    /// Nothing but time.
    case none
  }

  let connection: PostgresConnection
  private(set) var query: EvidenceQuery
  private let address: PostgresAddress
  private let payloadLimit: Int
  /// `primary`, `standby`, or the engine where it is another than PostgreSQL.
  private(set) var role = "primary"
  private(set) var proof = Proof.none
  private let engine: String?
  /// Whether the server has the functions that tell systems and places in the WAL.
  private var hasFullIdentity = true

  init(
    _ address: PostgresAddress, payloadLimit: Int, rotation: Int = 0, stop: StopSignal? = nil
  ) throws(StoreReadError) {
    self.address = address
    self.payloadLimit = payloadLimit
    var connection = try PostgresConnection(
      address, encoding: "UTF8", rotation: rotation, stop: stop)
    // There one wrong byte would make a whole statement fail. As they are, they reach the decoder.
    if connection.parameter("server_encoding") == "SQL_ASCII" {
      connection = try PostgresConnection(
        address, encoding: "SQL_ASCII", rotation: rotation, stop: stop)
    }
    self.connection = connection
    query = EvidenceQuery(
      address.table, try TableDefinition(connection, address.table), payloadLimit: payloadLimit)
    engine = try Self.engine(connection)
  }

  /// The name of another engine that speaks the protocol.
  private static func engine(_ connection: PostgresConnection) throws(StoreReadError) -> String? {
    var version = ""
    try connection.run("SELECT pg_catalog.version()") { row in version = row.text(0) ?? "" }
    let words: [(StaticString, String)] = [("CockroachDB", "cockroachdb"), ("-YB-", "yugabytedb")]
    let bytes = Array(version.utf8)
    for (mark, name) in words {
      let mark = Array("\(mark)".utf8)
      guard bytes.count >= mark.count else { continue }
      if (0...bytes.count - mark.count).contains(where: { bytes[$0...].starts(with: mark) }) {
        return name
      }
    }
    return nil
  }

  /// Reads the definition of the table again.
  func readDefinition() throws(StoreReadError) {
    query = EvidenceQuery(
      address.table, try TableDefinition(connection, address.table), payloadLimit: payloadLimit)
  }

  /// Asks the server who it is.
  func state() throws(StoreReadError) -> ServerState {
    let state = try askForState()
    role = engine ?? (state.isStandby ? "standby" : "primary")
    if engine != nil || query.definition.isView {
      proof = .none
    } else if state.isStandby {
      proof = connection.serverVersion >= 130_000 ? .snapshot : .none
    } else {
      proof = .locks
    }
    return state
  }

  private func askForState() throws(StoreReadError) -> ServerState {
    let name = address.table.quoted
    if hasFullIdentity {
      do throws(StoreReadError) {
        return try ServerState(connection, query, name: name, isFull: true)
      } catch {
        // Other engines and services lack some functions, or forbid them.
        guard ["0A000", "42883", "42501", "55000"].contains(error.sqlState) else { throw error }
        let state = try ServerState(connection, query, name: name, isFull: false)
        hasFullIdentity = false
        return state
      }
    }
    return try ServerState(connection, query, name: name, isFull: false)
  }

  /// The transactions that may write to the table now.
  func lockHolders(of state: ServerIdentity) throws(StoreReadError) -> [String] {
    var holders: [String] = []
    let statement = """
      SELECT DISTINCT virtualtransaction FROM pg_catalog.pg_locks
      WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND database = $1::pg_catalog.oid
        AND relation = ANY ($2)
      """
    try connection.run(
      statement, [.int8(state.database ?? 0), .oids(query.definition.relations)]
    ) { row in
      if let holder = row.text(0) { holders.append(holder) }
    }
    return holders
  }

  /// Appends the rows of a statement.
  func append(
    _ statement: String, _ parameters: [PostgresConnection.Parameter],
    to batch: inout EvidenceBatch
  ) throws(StoreReadError) {
    try connection.send(statement, parameters)
    while let row = try connection.nextRow() { query.append(row, to: &batch) }
  }
}
