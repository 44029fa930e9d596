import Foundation
import Testing

@testable import Metacognition

struct EvidenceRecorderTests {
  private let log = LogRecorder()

  private func execution(_ agent: String = "agent", run: RunID = RunID()) -> EvidenceRecord {
    .execution(of: agent, score: 0.5, run: run)
  }

  @Test func aNewDatabaseIsMadeInWALModeAndAnOldOneKeepsItsOwn() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    #expect(try await recorder.record(execution()) == 1)
    #expect(try await recorder.record(execution()) == 2)
    #expect(try OtherConnection(file.path).value("PRAGMA journal_mode") == "wal")
    let payload = try #require(file.payloads().first)
    #expect(payload["event"] == "metacognitive_agent_execution")
    #expect(payload["agent"] == "agent")
    #expect(payload["output_quality"] == 0.5)
    #expect(payload["timestamp"]?.text?.hasSuffix("Z") == true)

    let old = try EvidenceFile()
    try Data().write(to: URL(fileURLWithPath: old.path))
    try OtherConnection(old.path).execute(
      "CREATE TABLE evidence (id INTEGER PRIMARY KEY, event, payload, timestamp)")
    #expect(try await old.recorder(log.logger).record(execution()) == 1)
    let connection = try OtherConnection(old.path)
    #expect(try connection.value("PRAGMA journal_mode") == "delete")
    #expect(try connection.value("SELECT timestamp FROM evidence")?.hasSuffix("Z") == true)
  }

  @Test func aDatabaseThatCannotBeMadeIsNamed() async throws {
    let error = await #expect(throws: EvidenceRecorderError.self) {
      try await EvidenceRecorder.open("/does/not/exist.db", logger: log.logger)
    }
    #expect(error?.description.contains("/does/not/exist.db") == true)
  }

  @Test func manyWritersAtOnceWriteEachRunOnce() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let ids = try await withThrowingTaskGroup(of: Int64.self) { group in
      for number in 0..<2000 {
        group.addTask { try await recorder.record(.execution(of: "a\(number)", score: 0.5)) }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(ids == Set(1...2000))
    #expect(Set(try file.payloads().compactMap { $0["agent"]?.text }).count == 2000)
  }

  @Test func aSecondRowForARunIsRefusedAndLogged() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let run = RunID()
    try await recorder.record(execution(run: run))
    await #expect(throws: EvidenceRecorderError.duplicate(run)) {
      try await recorder.record(execution(run: run))
    }
    recorder.submit(execution(run: run))
    #expect(await recorder.flush(within: .seconds(20)) == 0)
    #expect(try file.payloads().count == 1)
    #expect(log.lines.filter { $0.contains("run=\(run)") }.count == 2)
  }

  @Test func aLockedDatabaseCostsALogLineForEachRunAndNoMore() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger, busyTimeout: .milliseconds(100))
    let other = try OtherConnection(file.path)
    try other.execute("BEGIN IMMEDIATE")
    let error = await #expect(throws: EvidenceRecorderError.self) {
      try await recorder.record(execution("locked out"))
    }
    #expect(error?.description.contains("locked") == true)
    let line = try #require(log.lines.first { $0.contains("locked out") })
    #expect(line.contains("unscored") && line.contains("score=0.5"))
    try other.execute("ROLLBACK")
    try await recorder.record(execution("let in"))
    #expect(try file.payloads().map { $0["agent"] } == ["let in"])
  }

  @Test func aLockKeepsNoThreadOfTheRuntime() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger, busyTimeout: .seconds(20))
    let other = try OtherConnection(file.path)
    try other.execute("BEGIN IMMEDIATE")
    for _ in 0..<64 { recorder.submit(execution()) }
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<64 { group.addTask { await Task.yield() } }
    }
    #expect(start.duration(to: .now) < .seconds(5))
    #expect(await recorder.flush(within: .milliseconds(50)) == 64)
    try other.execute("ROLLBACK")
    #expect(await recorder.flush(within: .seconds(20)) == 0)
    #expect(try file.payloads().count == 64)
  }

  @Test func aFileThatWasReplacedIsOpenedAgain() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    try await recorder.record(execution("old"))
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: file.path + suffix)
    }
    let error = await #expect(throws: EvidenceRecorderError.self) {
      try await recorder.record(execution("between"))
    }
    #expect(error?.description.contains(file.path) == true)
    _ = try await file.recorder(log.logger)
    try await recorder.record(execution("new"))
    #expect(try file.payloads().map { $0["agent"] } == ["new"])
  }

  @Test func aRowThatTheTableRefusesTakesNoOtherWithIt() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let other = try OtherConnection(file.path)
    try other.execute(
      """
      CREATE TRIGGER t BEFORE INSERT ON evidence WHEN NEW.payload LIKE '%bad%'
      BEGIN SELECT RAISE(ABORT, 'no'); END
      """)
    try other.execute("BEGIN IMMEDIATE")
    for agent in ["a", "bad", "b", "bad too", "c"] { recorder.submit(execution(agent)) }
    try other.execute("ROLLBACK")
    #expect(await recorder.flush(within: .seconds(20)) == 0)
    #expect(try file.payloads().map { $0["agent"] } == ["a", "b", "c"])
    #expect(log.lines.filter { $0.contains("agent=bad") }.count == 2)
  }

  @Test func detailsThatAReaderWouldRejectAreLeftOut() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    var deep: JSONValue = 1
    for _ in 0..<600 { deep = [deep] }
    for detail: [String: JSONValue] in [
      ["a": .number(.nan)], ["a": .string(String(repeating: "x", count: 2 << 20))],
      ["a": deep],
    ] {
      try await recorder.record(.execution(of: "agent", score: 0.5, detail: detail))
    }
    #expect(try file.payloads().allSatisfy { $0.unscoredReason != nil })
    await #expect(throws: EvidenceRecorderError.self) {
      try await recorder.record(.execution(of: "agent", score: 1.5))
    }
  }

  @Test func moreRowsThanItHoldsAreLogged() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger, capacity: 3)
    let other = try OtherConnection(file.path)
    try other.execute("BEGIN IMMEDIATE")
    for number in 0..<5 { recorder.submit(execution("a\(number)")) }
    try other.execute("ROLLBACK")
    #expect(await recorder.flush(within: .seconds(20)) == 0)
    #expect(try file.payloads().count == 3)
    #expect(log.lines.filter { $0.contains("3 rows are waiting") }.count == 2)
  }

  @Test func aCancelledWaitEndsAndTheRowIsWritten() async throws {
    let file = try EvidenceFile()
    let recorder = try await file.recorder(log.logger)
    let other = try OtherConnection(file.path)
    try other.execute("BEGIN IMMEDIATE")
    let error = await withTaskGroup(of: EvidenceRecorderError?.self) { group in
      group.addTask {
        do throws(EvidenceRecorderError) {
          try await recorder.record(execution())
          return nil
        } catch { return error }
      }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(error == .cancelled)
    try other.execute("ROLLBACK")
    let left = await withTaskGroup(of: Int.self) { group in
      group.cancelAll()
      group.addTask { await recorder.flush(within: .seconds(20)) }
      return await group.next()
    }
    #expect(left == 0)
    #expect(try file.payloads().count == 1)
  }
}
