import CSQLite
import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

/// `evidence` is read, whatever else is in the file.
struct SurroundingSchemaTests {
  /// What a database may hold beside the table, and the statements that put it there.
  enum Surrounding: String, CaseIterable, Sendable {
    case indexOnJSON, generatedJSONColumn, trigger, view, writersFunction, writersFunctionInColumn
    case writersCollation, missingModule, newerView, newerTrigger, newerIndex, constraint

    var sql: String {
      switch self {
      case .indexOnJSON: "CREATE INDEX by_agent ON evidence(json_extract(payload, '$.agent'))"
      case .generatedJSONColumn:
        "ALTER TABLE evidence ADD COLUMN agent AS (json_extract(payload, '$.agent'))"
      case .trigger:
        """
        CREATE TABLE log(x);
        CREATE TRIGGER t AFTER INSERT ON evidence BEGIN
          INSERT INTO log VALUES (json_extract(new.payload, '$.agent')); END
        """
      case .view: "CREATE VIEW v AS SELECT json_extract(payload, '$.agent') FROM evidence, nowhere"
      case .writersFunction:
        Self.schemaRow("index", "CREATE INDEX i ON evidence(writers(payload))", root: 2)
          + Self.schemaRow("view", "CREATE VIEW i2 AS SELECT writers(payload) FROM evidence")
      case .writersFunctionInColumn:
        Self.definition("id INTEGER PRIMARY KEY, event, payload, ts, x AS (writers(payload))")
      case .writersCollation:
        Self.definition("id INTEGER PRIMARY KEY, event COLLATE writers, payload, ts")
      case .missingModule:
        Self.schemaRow("table", "CREATE VIRTUAL TABLE i USING writers(x)")
      case .newerView:
        Self.schemaRow(
          "view", "CREATE VIEW i AS SELECT group_concat(event ORDER BY id) FROM evidence")
      case .newerTrigger:
        Self.schemaRow("trigger", "CREATE TRIGGER i AFTER INSERT ON evidence WITH NEWS BEGIN END")
      case .newerIndex:
        Self.schemaRow("index", "CREATE INDEX i ON evidence(event) USING FUTURE", root: 2)
      case .constraint:
        Self.definition(
          "id INTEGER PRIMARY KEY, event CHECK (writers(event)), payload DEFAULT (writers(1)), ts")
      }
    }

    /// What a newer SQLite, or a writer with functions of its own, would have written.
    static func schemaRow(_ type: String, _ sql: String, root: Int = 0) -> String {
      let name = sql.split(separator: " ")[type == "table" ? 3 : 2]
      return """
        PRAGMA writable_schema = ON;
        INSERT INTO sqlite_schema VALUES
          ('\(type)', '\(name)', 'evidence', \(root), '\(sql.replacing("'", with: "''"))');
        \(bump)
        """
    }

    static func definition(_ columns: String) -> String {
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = 'CREATE TABLE evidence (\(columns))' WHERE name = 'evidence';
      \(bump)
      """
    }

    private static let bump =
      "PRAGMA schema_version = \(Int.random(in: 1000...1_000_000)); PRAGMA writable_schema = OFF;"
  }

  @Test(arguments: Surrounding.allCases, ["delete", "wal"])
  func evidenceIsReadWhateverIsBesideIt(surrounding: Surrounding, journal: String) throws {
    let store = try TemporaryStore(autoincrement: false, journal: journal)
    try store.append(3)
    try store.execute(surrounding.sql)
    let reader = Reader(store)
    #expect(try reader.allIDs() == [1, 2, 3])
    #expect(reader.text(reader.batch.rows.first?.event) == "note")
  }

  @Test(arguments: Surrounding.allCases, ["delete", "wal"])
  func evidenceIsFollowedWhateverComesBesideIt(surrounding: Surrounding, journal: String) throws {
    let store = try TemporaryStore(autoincrement: false, journal: journal)
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.allIDs() == [1, 2, 3])
    try store.execute(surrounding.sql)
    let pass = try reader.pass()
    #expect(pass.reset == nil)
    #expect(reader.batch.rows.isEmpty)
  }

  @Test(arguments: ["delete", "wal"])
  func tenThousandTablesDelayOnlyTheFirstPass(journal: String) throws {
    let store = try TemporaryStore(journal: journal)
    try store.append(3)
    let reader = Reader(store)
    #expect(try reader.allIDs() == [1, 2, 3])
    try store.execute("BEGIN")
    for table in 1...10_000 {
      try store.execute("CREATE TABLE t\(table)(a INTEGER PRIMARY KEY, b TEXT)")
    }
    try store.execute("COMMIT")
    try store.append(1)
    #expect(try reader.allIDs() == [4])
    #expect(try Reader(store).allIDs() == [1, 2, 3, 4])
  }

  @Test(arguments: [
    ("x AS (writers(payload)), event AS (writers(payload)), payload", "writers"),
    ("event TEXT FUTURE CLAUSE 3, payload", #"near "3": syntax error"#),
  ])
  func aDefinitionThatSQLiteCannotUseIsASchemaErrorThatSaysWhy(
    columns: String, reason: String
  ) throws {
    let store = try TemporaryStore(autoincrement: false)
    try store.append(1)
    try store.execute(Surrounding.definition("id INTEGER PRIMARY KEY, \(columns), ts"))
    let error = try #require(Reader(store).failure())
    #expect(error.kind == .schema)
    #expect(error.message.contains(reason))
    #expect(!error.message.contains("restore"))
  }

  @Test func aViewWithAColumnThatOnlyItsWritersCanComputeIsRead() throws {
    let store = try TemporaryStore()
    try store.append(2)
    try store.execute(
      """
      ALTER TABLE evidence RENAME TO log;
      CREATE VIEW evidence AS SELECT *, writers(payload) AS extra FROM log
      """)
    #expect(try Reader(store).allIDs() == [1, 2])
  }

  @Test func aViewIsReadThoughAnotherOneCannotBeParsed() throws {
    let store = try TemporaryStore()
    try store.append(2)
    try store.execute(
      """
      ALTER TABLE evidence RENAME TO log;
      CREATE VIEW evidence AS SELECT id, json_extract(payload, '$.n') AS event, payload FROM log;
      """ + Surrounding.newerView.sql)
    #expect(try Reader(store).allIDs() == [1, 2])
  }

  @Test func aRootPageThatDoesNotExistIsCorrupt() throws {
    let store = try TemporaryStore(autoincrement: false)
    try store.append(2)
    try store.execute(
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET rootpage = 999 WHERE name = 'evidence';
      PRAGMA schema_version = 77
      """)
    let error = try #require(Reader(store).failure())
    #expect(error.kind == .corrupt)
  }

  @Test func viewsThatNameEachOtherTwiceAreGivenUp() throws {
    let store = try TemporaryStore()
    try store.append(2)
    try store.execute("ALTER TABLE evidence RENAME TO v0")
    for view in 1...25 {
      try store.execute(
        "CREATE VIEW v\(view) AS SELECT * FROM [v\(view - 1)] UNION ALL SELECT * FROM \"V\(view - 1)\""
      )
    }
    try store.execute("CREATE VIEW evidence AS SELECT * FROM v25")
    let error = try #require(Reader(store).failure())
    #expect(error.kind == .schema)
    #expect(error.message.contains("too many other views"))
    try store.execute("DROP VIEW evidence; CREATE VIEW evidence AS SELECT * FROM v3 WHERE id = 1")
    #expect(try Reader(store).ids().contains(1))
  }

  @Test func aColumnOfANewerSQLiteThatIsNotReadDoesNoHarm() throws {
    let store = try TemporaryStore(autoincrement: false)
    try store.append(2)
    try store.execute(
      Surrounding.definition("id INTEGER PRIMARY KEY, event, payload, ts, x AS (iif(id > 2, 1))"))
    #expect(try Reader(store).allIDs() == [1, 2])
  }

  @Test func aSchemaErrorBesideAWALDoesNotOpenTheFileAgainAndAgain() throws {
    let store = try TemporaryStore(journal: "wal")
    try store.append(2)
    try store.execute("ALTER TABLE evidence RENAME TO log")
    let reader = Reader(store)
    for _ in 1...3 {
      #expect(reader.failure()?.kind == .schema)
      #expect(reader.tail.isAttached)
    }
    try store.execute("ALTER TABLE log RENAME TO evidence")
    #expect(try reader.allIDs() == [1, 2])
  }
}
