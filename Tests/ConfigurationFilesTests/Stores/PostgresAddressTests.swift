import Testing

@testable import ConfigurationFiles

struct PostgresAddressTests {
  private func address(_ keys: String) throws(ConfigurationError) -> PostgresAddress? {
    let yaml = "stores: [{name: a, postgresql: {\(keys)}}]"
    return try ExporterConfiguration.parse(yaml: Array(yaml.utf8), file: "/etc/e.yml")
      .stores.first?.postgresql
  }

  @Test func aTableIsShownWithoutUserAndPassword() throws {
    let found = try address("host: db, database: agents, user: me, password_file: pw")
    #expect(found?.url == "postgresql://db:5432/agents/public.evidence")
    #expect(found?.passwordFile == "/etc/pw")
    let socket = try address("host: /run/postgresql, port: 5433, database: a b")
    #expect(socket?.url == "postgresql://%2Frun%2Fpostgresql:5433/a%20b/public.evidence")
    #expect(try address("service: main")?.url == "postgresql:///public.evidence?service=main")
  }

  @Test func offThisMachineTheServerHasToProveWhoItIs() throws {
    #expect(try address("host: db, database: a")?.tlsMode == .verifyFull)
    #expect(try address("host: \"localhost,db\", database: a")?.tlsMode == .verifyFull)
    #expect(try address("host: 127.0.0.1, database: a")?.tlsMode == nil)
    #expect(try address("host: db, database: a, sslmode: require")?.tlsMode == .require)
  }

  @Test(arguments: [
    "host: db, database: a, password: TOPSECRET", "host: \"me:TOPSECRET@db\", database: a",
    "host: db, database: \"postgresql://me:TOPSECRET@db/a\"",
    "host: db, database: \"dbname=a password=TOPSECRET\"",
  ])
  func aPasswordIsRefusedAndNotShown(keys: String) {
    let error = #expect(throws: ConfigurationError.self) { try address(keys) }
    #expect(error?.description.contains("TOPSECRET") == false)
  }

  @Test(arguments: [
    "host: db", "service: a, host: db", "host: db, database: a, poll_interval: 1ms",
    "host: db, database: a, order_wait: 2m", "host: db, database: a, table: \"a.b.c\"",
    "host: db, database: a, sslmode: maybe",
  ])
  func aMistakeIsRefused(keys: String) {
    #expect(throws: ConfigurationError.self) { try address(keys) }
  }

  @Test func orderWaitMayBeNothing() throws {
    #expect(try address("host: db, database: a, order_wait: 0")?.orderWait == 0)
  }

  @Test(arguments: [
    ("Evidence", "public", "evidence"), ("Agents.\"Evi\"\"dence\"", "agents", "Evi\"dence"),
    ("\"a.b\".c", "a.b", "c"),
  ])
  func aTableIsNamedAsInSQL(text: String, schema: String, name: String) {
    #expect(TableName(sql: text) == TableName(schema: schema, name: name))
  }

  @Test(arguments: ["", "a.", ".a", "a b", "1a", "\"a", "a;drop", "a.b.c"])
  func anythingElseIsNoTable(text: String) { #expect(TableName(sql: text) == nil) }
}
