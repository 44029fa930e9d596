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

    @Test func tlsPartitionsViewsAndBytesWithoutAnEncodingAreRead() throws {
      let tool = try Tool.python("postgres_kinds.py", ["--binary", Paths.exporter])
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

  /// The generated databases of ``OracleTests``, in tables.
  @Suite struct PostgresOracleTests {
    @Test func theSeriesOfATableAreThoseOfAFileWithTheSameRows() throws {
      let some = [
        "clean", "negative_ids", "streaks", "thresholds", "drops", "names", "times_payload",
        "json_texts", "wrong_types", "raw_values", "oversized", "soup",
      ]
      let which = LongTests.areWanted ? ["--seeds", "1", "2", "3", "4", "5"] : ["--flavor"] + some
      let tool = try Tool.python("postgres_oracle.py", ["--binary", Paths.exporter] + which)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
    }
  }

  @Suite struct PostgresOrderTests {
    @Test func exportersAgreeAndNoOpenTransactionHoldsRowsUpForLong() throws {
      let more = LongTests.areWanted ? ["--seconds", "20", "--rows", "60"] : []
      let tool = try Tool.python("postgres_order.py", ["--binary", Paths.exporter] + more)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
    }
  }

  /// Writers that commit in another order than their ids have.
  @Suite(.serialized)
  struct PostgresWritersTests {
    @Test(arguments: ["primary", "standby", "pgbouncer", "kill -9"])
    func everyRowCountsOnce(way: String) throws {
      let isKilled = way == "kill -9"
      let some = way == "primary" ? ["cache", "jump"] : ["plain"]
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
