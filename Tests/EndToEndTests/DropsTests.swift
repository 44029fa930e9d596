import Testing

extension EndToEndTests {
  /// Drops as the real binary serves them.
  struct DropsTests {
    private func expectEqual(_ arguments: [String]) throws {
      let tool = try Tool.python("served_drops.py", arguments)
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }

    @Test func everyStateOfTheVectorsIsServedToTheLastBit() throws {
      try expectEqual(["golden", Paths.exporter])
    }

    @Test func afterAKillAtAnyRowDropsAreEqualToTheByte() throws {
      try expectEqual(["killed", Paths.exporter, "--kills", "10"])
    }
  }
}
