import Foundation
import Testing

extension EndToEndTests {
  /// Every series of docs/metrics.md against the slow, obvious recomputation in `Python/oracle.py`.
  struct OracleTests {
    static let flavors: [String] = {
      let tool = try? Tool.python("generate.py", ["--list"])
      return tool?.output.split(separator: "\n").map(String.init) ?? []
    }()

    @Test func thereAreAtLeastTwentyKindsOfDatabase() {
      #expect(Self.flavors.count >= 20)
    }

    @Test func everySeriesIsWhatTheTableSays() throws {
      let seeds = LongTests.areWanted ? ["1", "2", "3"] : ["1"]
      let tool = try Tool.python(
        "differential.py", ["--binary", Paths.exporter, "--jobs", "2", "--seeds"] + seeds)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      #expect(tool.output.split(separator: "\n").count >= seeds.count * Self.flavors.count)
    }

    @Test func theOracleItselfIsRight() throws {
      let tool = try Tool.run(
        "python3", ["-m", "unittest", "discover", "--start-directory", Paths.python])
      #expect(tool.status == 0, "\(tool.errors)")
    }
  }
}
