import Foundation
import Testing

extension EndToEndTests.WaitingTests {
  /// A real PostgreSQL, in a cluster that the test starts and stops.
  @Suite(.serialized)
  struct PostgresTests {
    @Test func tablesThatAreRewoundOrReplacedAreToldAndServersThatRefuseToo() throws {
      let tool = try Tool.python("postgres_faults.py", ["--binary", Paths.exporter])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
    }

    @Test func aStoreInAFileLoadsNoLibpq() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(table.path)
      let maps = try String(contentsOfFile: "/proc/\(exporter.processID)/maps", encoding: .utf8)
      #expect(!maps.contains("libpq"))
    }

    @Test func initPrintsTheTableAndTheRole() throws {
      let tool = try Tool.run(
        Paths.exporter, ["init", "--postgresql", "--table", "Agents.\"Evi\"", "--role", "reader"])
      #expect(tool.status == 0)
      #expect(tool.output.contains(#"ON "agents"."Evi" TO "reader";"#))
      #expect(try Tool.run(Paths.exporter, ["init", "a.db", "--role", "reader"]).status == 2)
      #expect(try Tool.run(Paths.exporter, ["init"]).status == 2)
    }
  }

  /// Writers that commit in another order than their ids have.
  @Suite(.serialized)
  struct PostgresWritersTests {
    @Test(arguments: ["primary", "standby", "pgbouncer", "kill -9"])
    func everyRowCountsOnce(way: String) throws {
      let isKilled = way == "kill -9"
      let some = way == "primary" ? ["plain", "cache", "hilo", "jump"] : ["plain"]
      let tool = try Tool.python(
        "postgres_writers.py",
        [
          "--binary", Paths.exporter, "--seconds", LongTests.areWanted ? "30" : "3", "--through",
          isKilled ? "primary" : way,
        ] + (isKilled ? ["--kill"] : []) + (LongTests.areWanted ? [] : ["--profiles"] + some))
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
    }
  }
}
