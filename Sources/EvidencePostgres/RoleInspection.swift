package import ConfigurationFiles
package import EvidenceStore
import ReflexiveCore

/// What the role of a connection has, and lacks.
///
/// The settings belong to the role and not to the connection: a pooler refuses them there, or hands them
/// on to others.
package struct RoleInspection: Hashable, Sendable {
  /// One line each.
  package private(set) var warnings: [String] = []

  /// Connects, reads the definition of the table and its first row, and judges the role.
  package init(_ address: PostgresAddress) throws(StoreReadError) {
    let session = try PostgresSession(address, payloadLimit: 1 << 20)
    _ = try session.state()
    var batch = EvidenceBatch()
    try session.append(session.query.rowsAbove, [.int8(.min), .int8(1)], to: &batch)
    try self.init(session, address)
  }

  init(_ session: PostgresSession, _ address: PostgresAddress) throws(StoreReadError) {
    var settings: [String: String] = [:]
    try session.connection.run(Self.settingsSQL) { row in
      if let name = row.text(0) { settings[name] = row.text(1) }
    }
    func warn(unless isRight: Bool, _ text: String) {
      if !isRight { warnings.append(text) }
    }
    warn(
      unless: settings["is_superuser"] != "on", "the role is a superuser: give the exporter its own"
    )
    warn(
      unless: settings["default_transaction_read_only"] == "on",
      "the role may write by default: ALTER ROLE … SET default_transaction_read_only = on")
    for (name, limit, advice) in Self.timeouts {
      let value = settings[name].flatMap { Int($0) } ?? 0
      warn(
        unless: (1...limit).contains(value),
        "the role has no \(name) of \(advice) or less: ALTER ROLE … SET \(name) = '\(advice)'")
    }
    warn(
      unless: settings["jit"] != "on", "the role compiles statements: ALTER ROLE … SET jit = off")
    warn(
      unless: settings["row_security"] == "off",
      "a policy of row security would hide rows unseen: ALTER ROLE … SET row_security = off")
    if session.query.definition.isView {
      warnings.append("it is a view: what it leaves out is not counted")
    } else if session.query.definition.sequence == nil {
      warnings.append(
        "the role may not read the table's sequence: a table that was rewound looks like one that was "
          + "pruned")
    }
    if session.query.definition.timeColumn == nil {
      warnings.append("it has no column ts: the time of the payload counts")
    }
  }

  private static let timeouts = [
    ("statement_timeout", 60_000, "5s"), ("lock_timeout", 250, "250ms"),
    ("idle_in_transaction_session_timeout", 60_000, "10s"),
  ]

  private static let settingsSQL = """
    SELECT name::pg_catalog.text, setting::pg_catalog.text FROM pg_catalog.pg_settings
    WHERE name IN ('default_transaction_read_only', 'statement_timeout', 'lock_timeout',
      'idle_in_transaction_session_timeout', 'jit', 'row_security', 'is_superuser')
    """
}
