import Testing

extension EndToEndTests {
  struct StreakTests {
    @Test func lowEvaluationsRaiseTheStreakAcrossScrapesAndBreachOnce() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      let exporter = try await Exporter.follow(table.path)
      var seen: [[Double?]] = []
      for (count, consistency) in [0.5, 0.89, 0.1, 0.2, 0.9].enumerated() {
        try table.recordEvaluations("G", consistencies: [consistency])
        let page = try await eventually("evaluation \(count + 1) is visible") {
          let page = try exporter.scrape()
          let evaluations = page[#"reflexive_gate_evaluations_total{store="evidence",gate="G"}"#]
          return evaluations == Double(count + 1) ? page : nil
        }
        seen.append([
          page[#"reflexive_gate_low_consistency_streak{store="evidence",gate="G"}"#],
          page[#"reflexive_gate_low_consistency_breaches_total{store="evidence",gate="G"}"#],
        ])
      }
      #expect(seen == [[1, 0], [2, 0], [3, 1], [4, 1], [0, 1]])
    }

    @Test func aStreakThatComesAndGoesBetweenTwoScrapesIsCounted() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"), journal: "wal")
      let exporter = try await Exporter.follow(table.path)
      try table.recordEvaluations("G", consistencies: [0.95])
      try table.recordEvaluations("G", consistencies: [0.1, 0.1, 0.1, 0.95])
      let page = try await eventually("five evaluations are visible") {
        let page = try exporter.scrape()
        return page[#"reflexive_gate_evaluations_total{store="evidence",gate="G"}"#] == 5
          ? page : nil
      }
      #expect(page[#"reflexive_gate_low_consistency_streak{store="evidence",gate="G"}"#] == 0)
      #expect(
        page[#"reflexive_gate_low_consistency_breaches_total{store="evidence",gate="G"}"#] == 1)
    }
  }
}
