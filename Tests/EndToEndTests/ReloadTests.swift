import Foundation
import Testing

extension EndToEndTests {
  /// A reload takes up a configuration whole, or not at all.
  struct ReloadTests {
    private let objective = #"reflexive_objective{store="evidence",indicator="qsr"}"#
    private let success = "reflexive_exporter_config_last_reload_successful"

    private func configuration(qsr: String, streak: Int = 3) -> String {
      """
      stores: [{path: evidence.db}]
      objectives: {qsr: \(qsr), consistency_streak: \(streak)}

      """
    }

    @Test func sighupAndPostTakeUpAGoodConfigurationAndRefuseABadOne() async throws {
      let scratch = try ScratchDirectory()
      try EvidenceTable(scratch.file("evidence.db")).recordExecutions("a", [0.5])
      let file = try scratch.write("exporter.yml", configuration(qsr: "0.7"))
      let exporter = try await Exporter.start(["--config.file", file])
      try await exporter.waitUntilReady()
      #expect(try exporter.scrape()[objective] == 0.7)

      try scratch.write("exporter.yml", configuration(qsr: "0.8"))
      exporter.signal(SIGHUP)
      let reloaded = try await eventually("the new objective is served", within: 5) {
        let page = try exporter.scrape()
        let agent = #"reflexive_agent_objective{store="evidence",agent="a",indicator="qsr"}"#
        return page[objective] == 0.8 && page[agent] == 0.8 ? page : nil
      }
      #expect(reloaded[#"reflexive_agent_executions_total{store="evidence",agent="a"}"#] == 1)

      try scratch.write("exporter.yml", configuration(qsr: "high"))
      let refused = try exporter.get("/-/reload", ["-X", "POST"])
      #expect(refused.status == 500)
      #expect(refused.body.contains("objectives.qsr"))
      let page = try exporter.scrape()
      #expect(page[success] == 0 && page[objective] == 0.8)

      try scratch.write("exporter.yml", configuration(qsr: "0.9"))
      #expect(try exporter.get("/-/reload", ["-X", "POST"]).status == 200)
      let healed = try exporter.scrape()
      #expect(healed[success] == 1 && healed[objective] == 0.9)
    }

    @Test func anotherObjectiveOrDropFindsDropsAnewInTheRows() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", Array(repeating: 0.5, count: 30))
      let file = try scratch.write("exporter.yml", configuration(qsr: "0.4"))
      let exporter = try await Exporter.start(["--config.file", file])
      try await exporter.waitUntilReady()
      let drops = #"reflexive_qsr_drops_total{store="evidence",agent="a",reference="objective"}"#
      #expect(try exporter.scrape()[drops] == 0)
      let cases: [(qsr: String, drop: String, drops: Double?)] = [
        ("0.7", "", 1), ("0.7", ", drop: {false_alarm_runs: 1e9}", 0),
        ("0.7", ", drop: false", nil),
      ]
      for (qsr, drop, expected) in cases {
        let yaml = configuration(qsr: qsr).replacing("3}", with: "3\(drop)}")
        try scratch.write("exporter.yml", yaml)
        #expect(try exporter.get("/-/reload", ["-X", "POST"]).status == 200)
        _ = try await eventually("drops are found anew with \(yaml)", within: 5) {
          let page = try exporter.scrape()
          let executions = page[#"reflexive_agent_executions_total{store="evidence",agent="a"}"#]
          return executions == 30 && page[drops] == expected ? true : nil
        }
      }
    }

    @Test func anotherStreakLengthCountsAnewFromTheRows() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordEvaluations("g", consistencies: [0.1, 0.1, 0.95, 0.1, 0.1])
      let file = try scratch.write("exporter.yml", configuration(qsr: "0.6"))
      let exporter = try await Exporter.start(["--config.file", file])
      try await exporter.waitUntilReady()
      let breaches = #"reflexive_gate_low_consistency_breaches_total{store="evidence",gate="g"}"#
      #expect(try exporter.scrape()[breaches] == 0)
      try scratch.write("exporter.yml", configuration(qsr: "0.6", streak: 2))
      #expect(try exporter.get("/-/reload", ["-X", "POST"]).status == 200)
      _ = try await eventually("the breaches are counted anew", within: 5) {
        try exporter.scrape()[breaches] == 2 ? true : nil
      }
    }
  }
}
