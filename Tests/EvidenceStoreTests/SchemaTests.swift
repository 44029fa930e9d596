import EvidenceStore
import ReflexiveCore
import TestSupport
import Testing

struct SchemaTests {
  @Test(arguments: TemporaryStore.TimeColumns.allCases)
  func everyFormOfTheTimeColumnIsRead(columns: TemporaryStore.TimeColumns) throws {
    let store = try TemporaryStore(timeColumns: columns)
    try store.append(1)
    let reader = Reader(store)
    let pass = try reader.pass()
    #expect(pass.info.timeColumn.description == columns.rawValue)
    let row = try #require(reader.batch.rows.first)
    let expected = columns.names.contains("ts") ? TemporaryStore.timestamp : nil
    #expect(reader.text(row.ts) == expected)
    let other = columns.names.contains("timestamp") ? TemporaryStore.timestamp : nil
    #expect(reader.text(row.timestamp) == other)
  }

  @Test func namesAreTheSameInAnyCaseAndOrder() throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      DROP TABLE evidence;
      CREATE TABLE Evidence (extra, TS TEXT, Payload TEXT, EVENT TEXT, Id INTEGER PRIMARY KEY);
      INSERT INTO evidence VALUES (1, 'then', '{}', 'note', 4)
      """)
    let reader = Reader(store)
    let pass = try reader.pass()
    #expect(pass.info.timeColumn.description == "ts")
    #expect(reader.batch.rows.map(\.id) == [4])
    #expect(reader.text(reader.batch.rows.first?.event) == "note")
  }

  @Test func autoincrementIsFoundWhateverTheCaseOfTheName() throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      DROP TABLE evidence;
      CREATE TABLE EVIDENCE (id INTEGER PRIMARY KEY AUTOINCREMENT, event, payload, ts);
      INSERT INTO evidence VALUES (4, 'note', '{}', 'then')
      """)
    let reader = Reader(store)
    #expect(try reader.ids() == [4])
    try store.execute("DELETE FROM evidence")
    #expect(try reader.pass().reset == nil)
  }

  @Test func aMissingTableIsNamed() throws {
    let store = try TemporaryStore()
    try store.execute("DROP TABLE evidence")
    let reader = Reader(store)
    let error = try #require(reader.failure())
    #expect(error.kind == .schema)
    #expect(error.message.contains("no table evidence"))
    try store.createTable()
    try store.append(1)
    #expect(try reader.ids() == [1])
  }

  @Test func missingColumnsAreNamedBesideThoseThatAreThere() throws {
    let store = try TemporaryStore()
    try store.execute(
      "DROP TABLE evidence; CREATE TABLE evidence (id INTEGER PRIMARY KEY, \"bo\ndy\")")
    let reader = Reader(store)
    let error = try #require(reader.failure())
    #expect(error.kind == .schema)
    #expect(error.message.contains("lacks event, payload"))
    #expect(error.message.contains(#"it has id, bo\ndy"#))
  }

  @Test func aTableRenamedAwayAndBackIsFollowed() throws {
    let store = try TemporaryStore()
    try store.append(2)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2])
    try store.execute("ALTER TABLE evidence RENAME TO old")
    #expect(reader.failure()?.kind == .schema)
    try store.execute("ALTER TABLE old RENAME TO evidence")
    try store.append(1)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [3])
  }

  @Test(arguments: [
    "ALTER TABLE evidence ADD COLUMN timestamp TEXT DEFAULT 'x'",
    "ALTER TABLE evidence ADD COLUMN extra TEXT DEFAULT 'x'",
    "ALTER TABLE evidence RENAME COLUMN ts TO timestamp",
    "ALTER TABLE evidence DROP COLUMN ts",
    "CREATE INDEX i ON evidence (event)",
  ])
  func aTableThatIsAlteredIsFollowed(change: String) throws {
    let store = try TemporaryStore()
    try store.append(2)
    let reader = Reader(store)
    #expect(try reader.ids() == [1, 2])
    try store.execute(change)
    try store.append(id: 3)
    #expect(try reader.pass().reset == nil)
    #expect(reader.batch.rows.map(\.id) == [3])
  }

  @Test func aTimeColumnAddedLiveIsRead() throws {
    let store = try TemporaryStore(timeColumns: .none)
    try store.append(1)
    let reader = Reader(store)
    #expect(try reader.pass().info.timeColumn.description == "none")
    try store.execute("ALTER TABLE evidence ADD COLUMN ts TEXT")
    try store.execute("INSERT INTO evidence (event, payload, ts) VALUES ('a', '{}', 'now')")
    #expect(try reader.pass().info.timeColumn.description == "ts")
    #expect(reader.text(reader.batch.rows.first?.ts) == "now")
  }

  @Test func aViewIsReadLikeATable() throws {
    let store = try TemporaryStore()
    try store.append(3)
    try store.execute(
      """
      ALTER TABLE evidence RENAME TO log;
      CREATE VIEW evidence AS SELECT id, event, payload, ts AS timestamp FROM log WHERE id <> 2
      """)
    let reader = Reader(store)
    #expect(try reader.pass().info.timeColumn.description == "timestamp")
    #expect(reader.batch.rows.map(\.id) == [1, 3])
    try store.execute("INSERT INTO log (event, payload) VALUES ('note', '{}')")
    #expect(try reader.ids() == [4])
  }

  @Test func aViewThatTakesForEverIsInterrupted() throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      DROP TABLE evidence;
      CREATE VIEW evidence AS
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
      SELECT i AS id, 'note' AS event, '{}' AS payload FROM n
      """)
    let reader = Reader(store)
    let error = try #require(reader.failure())
    #expect(error.kind == .schema)
    #expect(error.message.contains("takes too long"))
  }

  @Test func idsThatAreNotIntegersAreASchemaError() throws {
    let store = try TemporaryStore()
    try store.execute(
      """
      DROP TABLE evidence; CREATE TABLE evidence (id, event, payload);
      INSERT INTO evidence VALUES ('one', 'note', '{}')
      """)
    let reader = Reader(store)
    #expect(reader.failure()?.kind == .schema)
  }
}
