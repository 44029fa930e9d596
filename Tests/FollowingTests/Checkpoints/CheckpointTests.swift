import Foundation
import ReflexiveCore
import TestSupport
import Testing

@testable import Following

struct CheckpointTests {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func resumedIsTheSamePageAsReadFromTheStart(seed: UInt64) throws {
    var rows = RandomRows(seed: seed)
    let restarts = try Restarts(store: TemporaryStore(journal: seed % 2 == 0 ? "delete" : "wal"))
    restarts.settings.indicators.labelValues = 5
    for _ in 0..<4 {
      try rows.append(to: restarts.store)
      try restarts.followAndSave()
    }
    try rows.append(to: restarts.store)
    let resumed = restarts.follow(try restarts.open())
    let cold = restarts.follow()
    #expect(restarts.log.all.count { $0.contains("resumed from a checkpoint") } == 4)
    for later in [0, 200, 4000, 90_000, 700_000] as [Double] {
      let now = restarts.now.advanced(by: later)
      #expect(resumed.state.snapshot(at: now) == cold.state.snapshot(at: now))
    }
  }

  @Test func prunedRowsStayCounted() throws {
    let restarts = try Restarts()
    try restarts.store.append(10)
    try restarts.followAndSave()
    try restarts.store.execute("DELETE FROM evidence")
    #expect(restarts.follow(try restarts.open()).countedRows == 10)
    try restarts.store.append(2)
    let resumed = restarts.follow(try restarts.open())
    #expect(resumed.countedRows == 12)
    #expect(restarts.follow().countedRows == 2)
    #expect(resumed.state.snapshot(at: restarts.now).status.resets.isEmpty)
  }

  @Test func rowsReadAfterTheLastCheckpointAreReadAgain() throws {
    let restarts = try Restarts()
    try restarts.store.append(3)
    do {
      let killed = restarts.follow(try restarts.open())
      killed.saveCheckpoint()
      try restarts.store.append(4)
      while killed.tick() == .more {}
      #expect(killed.countedRows == 7)
    }
    #expect(restarts.follow(try restarts.open()).countedRows == 7)
  }

  @Test func aStoreReadHalfIsServedOnlyWhenTheRestIsRead() throws {
    let restarts = try Restarts()
    try restarts.store.append(10)
    try restarts.followAndSave()
    try restarts.store.append(40_000)
    let half = FollowedStore(
      name: "s", path: restarts.store.path, shownPath: "s.db", settings: restarts.settings,
      time: .system, checkpoints: try restarts.open(), logger: restarts.log.logger)
    #expect(half.tick() == .more)
    #expect(half.countedRows == nil)
    half.saveCheckpoint()
    while half.tick() == .more {}
    #expect(half.countedRows == 40_010)
    #expect(
      half.state.snapshot(at: restarts.now).status.commitToVisible.counts.allSatisfy { $0 == 0 })
  }

  @Test func aHalfReadCheckpointIsGoneOnFrom() throws {
    let restarts = try Restarts()
    try restarts.store.append(40_000)
    do {
      let half = FollowedStore(
        name: "s", path: restarts.store.path, shownPath: "s.db", settings: restarts.settings,
        time: .system, checkpoints: try restarts.open(), logger: restarts.log.logger)
      #expect(half.tick() == .more)
      half.saveCheckpoint()
    }
    #expect(restarts.follow(try restarts.open()).countedRows == 40_000)
    #expect(restarts.log.contains("resumed"))
  }

  @Test(arguments: ["replaced", "truncated", "recreated"])
  func anotherContentIsReadAnewAndCountsNoReset(reason: String) throws {
    let restarts = try Restarts()
    try restarts.store.append(5)
    try restarts.followAndSave()
    switch reason {
    case "replaced":
      let other = try TemporaryStore()
      try other.append(7)
      other.close()
      restarts.store.close()
      #expect(rename(other.path, restarts.store.path) == 0)
    case "truncated":
      try restarts.store.execute("DELETE FROM evidence; DELETE FROM sqlite_sequence")
      try restarts.store.append(2)
    default:
      try restarts.store.execute("DELETE FROM evidence; DELETE FROM sqlite_sequence")
      try restarts.store.append(7, agent: "other")
    }
    let rows = reason == "truncated" ? 2 : 7
    do {
      let anew = restarts.follow(try restarts.open())
      #expect(anew.countedRows == rows)
      #expect(anew.state.snapshot(at: restarts.now).status.resets.isEmpty)
      #expect(restarts.log.contains("not the one of the checkpoint"))
      #expect(restarts.log.contains(reason))
      anew.saveCheckpoint()
    }
    #expect(restarts.follow(try restarts.open()).countedRows == rows)
    #expect(restarts.log.contains("resumed"))
  }

  @Test func otherSettingsThatCountAlikeResumeAndOthersDoNot() throws {
    let restarts = try Restarts()
    try restarts.store.append(5)
    try restarts.followAndSave()
    restarts.settings.indicators.objectives.evidenceSilence = 10
    restarts.settings.indicators.retireAfter = 60
    _ = restarts.follow(try restarts.open())
    #expect(restarts.log.all.count { $0.contains("resumed") } == 1)
    let changes: [(inout FollowedStore.Settings) -> Void] = [
      { $0.scoreScale = 100 }, { $0.payloadLimit = 500 }, { $0.indicators.windows.removeLast() },
      { $0.indicators.labelValues = 3 }, { $0.indicators.objectives.consistency = 0.5 },
      { $0.indicators.objectives.consistencyStreak = 9 },
      { $0.indicators.objectives.gates["g"] = GateObjectives(consistencyStreak: 9) },
      { $0.indicators.objectives.drop = nil }, { $0.indicators.objectives.drop?.normalRuns = 20 },
      { $0.indicators.objectives.qsr = 0.1 }, { $0.indicators.objectives.rmm = 0.1 },
      { $0.indicators.objectives.minSamples = 1 },
      { $0.indicators.objectives.agents["a"] = AgentObjectives(qsr: 0.1) },
      { $0.indicators.objectives.subjects["s"] = SubjectObjectives(rmm: 0.1) },
    ]
    try restarts.store.execute("DELETE FROM evidence WHERE id < 4")
    let same = restarts.settings
    for change in changes {
      restarts.settings = same
      change(&restarts.settings)
      #expect(restarts.follow(try restarts.open()).countedRows == 2)
    }
    #expect(restarts.log.all.count { $0.contains("other settings") } == changes.count)
  }

  @Test func settingsThatChangeBeforeTheFirstPassAreTakenUp() throws {
    let restarts = try Restarts()
    restarts.settings.indicators.objectives.drop = nil
    try restarts.store.append(5, event: "metacognitive_agent_execution")
    try restarts.followAndSave()
    let hidden = restarts.store.path + ".hidden"
    restarts.store.close()
    #expect(rename(restarts.store.path, hidden) == 0)
    let waiting = restarts.follow(try restarts.open())
    #expect(waiting.countedRows == nil)
    waiting.saveCheckpoint()
    var settings = restarts.settings
    settings.indicators.objectives.qsr = 0.1
    waiting.configure(settings)
    #expect(rename(hidden, restarts.store.path) == 0)
    while waiting.tick() == .more {}
    #expect(waiting.countedRows == 5)
    #expect(restarts.log.contains("resumed"))
    let evidence = waiting.state.snapshot(at: restarts.now).evidence
    #expect(evidence?.agents.map(\.objective) == [0.1])
  }

  @Test func storesOfOneDaemonHaveACheckpointEach() throws {
    let restarts = try Restarts()
    try restarts.store.append(5)
    let other = try TemporaryStore()
    try other.append(7)
    do {
      let directory = try restarts.open()
      restarts.follow(directory).saveCheckpoint()
      restarts.follow(directory, name: "t", path: other.path).saveCheckpoint()
    }
    #expect(try restarts.files.count == 2)
    try restarts.store.execute("DELETE FROM evidence")
    try other.execute("DELETE FROM evidence")
    let directory = try restarts.open()
    #expect(restarts.follow(directory).countedRows == 5)
    #expect(restarts.follow(directory, name: "t", path: other.path).countedRows == 7)
  }

  @Test func itIsDueOnceCaughtUpAndNotWhileNothingChanges() throws {
    let restarts = try Restarts()
    try restarts.store.append(5)
    let followed = restarts.follow(try restarts.open())
    #expect(followed.isCheckpointDue)
    followed.saveCheckpoint()
    #expect(!followed.isCheckpointDue)
    let written = try modification(restarts)
    followed.saveCheckpoint()
    #expect(try modification(restarts) == written)
    try restarts.store.append(1)
    while followed.tick() == .more {}
    #expect(!followed.isCheckpointDue)
    followed.saveCheckpoint()
    #expect(try modification(restarts) != written)
  }

  private func modification(_ restarts: Restarts) throws -> Int? {
    let file = try #require(try restarts.files.first)
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    return attributes[.systemFileNumber] as? Int
  }
}
