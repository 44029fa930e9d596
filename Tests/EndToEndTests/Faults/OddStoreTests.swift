import Foundation
import Testing

extension EndToEndTests {
  /// Stores that are not the plain table in a plainly named file.
  struct OddStoreTests {
    @Test(arguments: [
      "what?.db", "50%25 # 1.db", "with spaces.db", "日本\u{301}é.db", "file:a.db?mode=memory&x=1.db",
      "[a-b]*.db", "quote'\"<b>.db", "back\\slash.db",
    ])
    func everyFileNameIsAPath(name: String) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file(name))
      try table.recordExecutions("a", [0.5])
      let written = name.unicodeScalars.reduce(into: "") {
        if "*?[]\\".unicodeScalars.contains($1) { $0 += "\\" }
        $0.unicodeScalars.append($1)
      }
      let exporter = try await Exporter.follow(scratch.path + "/" + written)
      try table.recordExecutions("a", [0.6])
      let page = try await exporter.page("both rows are counted") {
        $0.sum("reflexive_agent_executions_total") == 2
      }
      #expect(page.sum("reflexive_store_up") == 1)
      #expect(try exporter.faultsOfExposition() == "")
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [name])
    }

    struct Shape: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var schema: String
      var insertInto = "evidence"
      var timeColumn: String
      var columns = "event, payload, ts"
    }

    static let shapes = [
      Shape(
        testDescription: "timestamp",
        schema: "CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, timestamp)",
        timeColumn: "timestamp", columns: "event, payload, timestamp"),
      Shape(
        testDescription: "ts and timestamp",
        schema: "CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, ts, timestamp)",
        timeColumn: "ts,timestamp"),
      Shape(
        testDescription: "neither, but in the payload",
        schema: "CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, more)",
        timeColumn: "none", columns: "event, payload, more"),
      Shape(
        testDescription: "a view",
        schema: """
          CREATE TABLE log (id INTEGER PRIMARY KEY, event, payload, ts);
          CREATE VIEW evidence AS SELECT * FROM log
          """,
        insertInto: "log", timeColumn: "ts"),
      Shape(
        testDescription: "a virtual table",
        schema: "CREATE VIRTUAL TABLE evidence USING rtree_i32(id, low, high, "
          + "+event, +payload, +ts)",
        timeColumn: "ts"),
      Shape(
        testDescription: "UTF-16, little end first",
        schema: """
          PRAGMA encoding = 'UTF-16le';
          CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, ts)
          """,
        timeColumn: "ts"),
      Shape(
        testDescription: "UTF-16, big end first",
        schema: """
          PRAGMA encoding = 'UTF-16be';
          CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, ts)
          """,
        timeColumn: "ts"),
      Shape(
        testDescription: "without rowid, upper case, more columns",
        schema: "CREATE TABLE Evidence (ID INTEGER PRIMARY KEY, Event, PAYLOAD, TS, x, y) "
          + "WITHOUT ROWID",
        timeColumn: "ts", columns: "id, event, payload, ts"),
    ]

    @Test(arguments: shapes)
    func everyShapeOfTheTableIsFollowed(shape: Shape) async throws {
      let scratch = try ScratchDirectory()
      let path = scratch.file("evidence.db")
      let writer = try Writer(path)
      try writer.execute(shape.schema.split(separator: ";").joined(separator: "\n"))
      let payload =
        #"{"agent": "ä\"日", "output_quality": 0.5, "timestamp": "2026-01-01T00:00:00"}"#
      func insert(_ id: Int) throws {
        let hasID = shape.columns.hasPrefix("id")
        try writer.execute(
          "INSERT INTO \(shape.insertInto) (\(shape.columns)) VALUES (\(hasID ? "\(id), " : "")"
            + "'metacognitive_agent_execution', '\(payload)', '2026-01-01T00:00:00')")
      }
      try insert(1)
      let exporter = try await Exporter.follow(path)
      try insert(2)
      let page = try await exporter.page("both rows are counted") {
        $0.executions(#"ä\"日"#) == 2
      }
      #expect(page.isUp && page.info("time_column") == shape.timeColumn[...])
      #expect(page.sum("reflexive_evidence_rejected_total") == 0)
    }

    @Test func aPayloadOf100MBIsRejectedAloneAndFillsNoMemory() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", [0.5])
      let exporter = try await Exporter.follow(table.path, ["--log.level", "debug"])
      let before = try exporter.scrapeInTime()
      try table.execute(
        """
        INSERT INTO evidence (event, payload, ts) VALUES ('metacognitive_agent_execution',
          '{"agent": "a", "x": "' || hex(zeroblob(50000000)) || '"}', '2026-01-01T00:00:00');
        """)
      try table.recordExecutions("a", [0.7])
      let page = try await exporter.page("the row after it is counted") {
        $0.executions("a") == 2
      }
      #expect(page.rejected("too_large") == 1 && page.rows == 3 && page.isUp)
      #expect(try exporter.log.contains("id=2 reason=too_large"))
      let memory = "process_resident_memory_bytes"
      #expect(try #require(page[memory]) - #require(before[memory]) < 30e6)
    }
  }
}
