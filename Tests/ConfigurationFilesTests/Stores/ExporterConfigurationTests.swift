import ReflexiveCore
import Testing

@testable import ConfigurationFiles

struct ExporterConfigurationTests {
  @Test(arguments: [
    "", "# nothing\n", "---\n", "null", "{}",
    "stores:\nobjectives:\nwindows:\nlimits:\nretire_after:\n",
    "stores: []\nobjectives: {}\nlimits: {}\n",
    "objectives: { qsr: , drop: , agents: , gates: { G: } }",
    "limits: { label_values: ~, payload_bytes: null }",
    "receiver: { max_bytes: , queue_bytes: }",
  ])
  func nothingGivenIsTheDefaults(yaml: String) throws {
    #expect(try configuration(yaml) == ExporterConfiguration())
  }

  @Test func defaultsAreThoseOfTheDocumentation() {
    let configuration = ExporterConfiguration()
    #expect(configuration.stores.isEmpty)
    #expect(configuration.objectives == Objectives())
    #expect(configuration.windows.map(\.label) == ["1h", "24h", "7d"])
    #expect(configuration.limits.labelValues == 500)
    #expect(configuration.limits.payloadBytes == 1_048_576)
    #expect(configuration.retireAfter == nil)
  }

  @Test func everyKeyOfTheFileCounts() throws {
    let configuration = try configuration(
      """
      windows: [30m, 1d, 10y]
      limits: { label_values: 10, payload_bytes: 2KiB }
      retire_after: 30d
      objectives: { qsr: 0.5 }
      receiver:
        max_bytes: 1MiB
        queue_bytes: 2MiB
        otlp: { scores: [{ name: a, as: rmm_score }, { name: b, as: output_quality, scale: 5 }] }
      """)
    var expected = ExporterConfiguration()
    expected.windows = [
      Window(label: "30m", length: 1800), Window(label: "1d", length: 86_400),
      Window(label: "10y", length: 315_360_000),
    ]
    expected.limits.labelValues = 10
    expected.limits.payloadBytes = 2048
    expected.retireAfter = 2_592_000
    expected.objectives.qsr = 0.5
    expected.receiver.maxBytes = 1 << 20
    expected.receiver.queueBytes = 2 << 20
    expected.receiver.scoreRules = [
      ScoreRule(name: "a", field: .maturity), ScoreRule(name: "b", field: .outputQuality, scale: 5),
    ]
    #expect(configuration == expected)
  }

  @Test func aStoreReceivesIfItSaysSo() throws {
    let configuration = try configuration(
      """
      stores:
        - { path: /d/a.db, receive: true, name: A, score_scale: 10 }
        - { path: /d/b.db, receive: false }
        - { path: /d/*.db }
      """)
    #expect(
      configuration.receivingStores == [ReceivingStore(name: "A", path: "/d/a.db", scoreScale: 10)])
    var reloaded = configuration
    reloaded.stores.removeFirst()
    #expect(reloaded != configuration && reloaded.receivingStores.isEmpty)
  }

  @Test func everyKeyOfTheObjectivesCounts() throws {
    let objectives = try configuration(
      """
      objectives:
        qsr: 0.1
        consistency: 0.2
        consistency_streak: 4
        threshold_staleness: 5s
        rmm: 1
        min_samples: 6
        evidence_silence: 7m
        drop: { false_alarm_runs: 300, tolerance: 0.1, recovery_runs: 20, normal_runs: 40 }
        clarity: 0.75
        agents: { A: { qsr: 0 }, "no": { qsr: 0.25 } }
        gates: { G: { consistency: 0.3, consistency_streak: 8, threshold_staleness: 9h }, H: { consistency: 0.4 } }
        subjects: { "S s": { rmm: 0.5 } }
      """
    ).objectives
    var expected = Objectives()
    expected.qsr = 0.1
    expected.consistency = 0.2
    expected.consistencyStreak = 4
    expected.thresholdStaleness = 5
    expected.rmm = 1
    expected.minSamples = 6
    expected.evidenceSilence = 420
    expected.drop = DropSettings(
      falseAlarmRuns: 300, tolerance: 0.1, recoveryRuns: 20, normalRuns: 40)
    expected.clarity = 0.75
    expected.agents = ["A": AgentObjectives(qsr: 0), "no": AgentObjectives(qsr: 0.25)]
    expected.gates = [
      "G": GateObjectives(consistency: 0.3, consistencyStreak: 8, thresholdStaleness: 32_400),
      "H": GateObjectives(consistency: 0.4),
    ]
    expected.subjects = ["S s": SubjectObjectives(rmm: 0.5)]
    #expect(objectives == expected)
  }

  @Test func everyKeyOfAStoreCounts() throws {
    let stores = try configuration(
      """
      stores:
        - path: /data/a.db
          name: "ä b"
          score_scale: 100
          objectives: { qsr: 0.7 }
        - path: /data/*/b.db
      """
    ).stores
    var objectives = Objectives()
    objectives.qsr = 0.7
    let plain = try #require(StorePath("/data/a.db"))
    let glob = try #require(StorePath("/data/*/b.db"))
    #expect(
      stores == [
        StoreConfiguration(path: plain, name: "ä b", scoreScale: 100, objectives: objectives),
        StoreConfiguration(path: glob),
      ])
    #expect(stores.map(\.isGlob) == [false, true])
  }

  @Test func aStoreOverridesTheFileKeyByKey() throws {
    let stores = try configuration(
      """
      stores:
        - path: a.db
          objectives:
            rmm: 0.1
            consistency: null
            agents: { B: { qsr: 0.2 }, C: { qsr: 0.3 } }
            gates: { G: { consistency_streak: 7 } }
        - path: b.db
      objectives:
        qsr: 0.5
        consistency: 0.8
        agents: { A: { qsr: 0.9 }, B: { qsr: 0.9 } }
        gates: { G: { consistency: 0.95, consistency_streak: 5 } }
      """
    ).stores
    var file = Objectives()
    file.qsr = 0.5
    file.consistency = 0.8
    file.agents = ["A": AgentObjectives(qsr: 0.9), "B": AgentObjectives(qsr: 0.9)]
    file.gates = ["G": GateObjectives(consistency: 0.95, consistencyStreak: 5)]
    var first = file
    first.rmm = 0.1
    first.agents["B"] = AgentObjectives(qsr: 0.2)
    first.agents["C"] = AgentObjectives(qsr: 0.3)
    first.gates["G"] = GateObjectives(consistency: 0.95, consistencyStreak: 7)
    #expect(stores.map(\.objectives) == [first, file])
  }

  @Test func aStoresDropIsItsOwnKeysOverThoseOfTheFile() throws {
    func drops(_ file: String, _ store: String) throws -> DropSettings? {
      try configuration(
        "objectives: { drop: \(file) }\nstores: [{ path: a.db, objectives: { drop: \(store) } }]"
      ).stores[0].objectives.drop
    }
    let both = DropSettings(falseAlarmRuns: 300, tolerance: 0.1)
    #expect(try drops("{ false_alarm_runs: 300 }", "{ tolerance: 0.1 }") == both)
    #expect(try drops("{ false_alarm_runs: 300, tolerance: 0.2 }", "{ tolerance: 0.1 }") == both)
    #expect(try drops("{ false_alarm_runs: 300, tolerance: 0.1 }", "") == both)
    #expect(try drops("", "") == DropSettings())
    #expect(try drops("", "false") == nil)
    #expect(try drops("false", "") == nil)
    #expect(try drops("false", "{ tolerance: 0.1 }") == DropSettings(tolerance: 0.1))
  }

  @Test func relativePathsStartFromTheFilesDirectory() throws {
    func patterns(_ file: String) throws -> [String] {
      let yaml = "stores: [{ path: x/a.db }, { path: ./b*.db }, { path: /c.db }]"
      return try ExporterConfiguration.parse(yaml: Array(yaml.utf8), file: file).stores
        .map(\.pattern)
    }
    #expect(try patterns("e.yml") == ["x/a.db", "b*.db", "/c.db"])
    #expect(try patterns("./conf/e.yml") == ["conf/x/a.db", "conf/b*.db", "/c.db"])
    #expect(try patterns("/e.yml") == ["/x/a.db", "/b*.db", "/c.db"])
    #expect(try patterns("/etc/[r]/e.yml") == ["/etc/[r]/x/a.db", "/etc/\\[r\\]/b*.db", "/c.db"])
  }

  @Test func bytesTellStoresApart() throws {
    let stores = try configuration("stores: [{ path: é.db }, { path: e\u{301}.db }]").stores
    #expect(stores[0] != stores[1])
  }

  @Test func anchorsSpareRepetition() throws {
    let stores = try configuration(
      """
      stores:
        - path: a.db
          objectives: &strict { qsr: 0.9 }
        - path: b.db
          objectives: *strict
      """
    ).stores
    #expect(stores.map(\.objectives.qsr) == [0.9, 0.9])
  }
}
