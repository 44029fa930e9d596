import ConfigurationFiles
import Following
import ReflexiveCore

/// The limits in force of every store, and where each comes from.
struct ObjectiveTables: Sendable {
  let input: PageInput

  var html: HTML {
    Tag.section(.aria(.labelledBy, "objectives")) {
      Tag.h2(.id("objectives")) { "Objectives" }
      Tag.p {
        "A limit is the exporter's default, or comes from objectives in the configuration file, or from "
        "the objectives of one store there."
      }
      for store in input.stores { table(store.store) }
    }
  }

  private func table(_ store: StoreSnapshot) -> HTML {
    DataTable(
      caption: "Objectives of store \(visible(store.name))",
      columns: [.text("Objective"), .number("Limit"), .text("For"), .text("From")],
      rows: Self.limits.map { row($0, store.objectives) } + drops(store.objectives)
        + overrides(store.objectives)
    ).html
  }

  private struct LimitOfStore: Sendable {
    var key: String
    var value: @Sendable (Objectives) -> Double
    var isDuration = false

    func text(_ objectives: Objectives) -> String {
      let value = value(objectives)
      return isDuration ? TimeText.duration(value) : Decimal(short: value).text
    }
  }

  private static let limits = [
    LimitOfStore(key: "qsr", value: \.qsr),
    LimitOfStore(key: "consistency", value: \.consistency),
    LimitOfStore(key: "consistency_streak", value: { Double($0.consistencyStreak) }),
    LimitOfStore(key: "threshold_staleness", value: \.thresholdStaleness, isDuration: true),
    LimitOfStore(key: "rmm", value: \.rmm), LimitOfStore(key: "clarity", value: \.clarity),
    LimitOfStore(key: "min_samples", value: { Double($0.minSamples) }),
    LimitOfStore(key: "evidence_silence", value: \.evidenceSilence, isDuration: true),
  ]

  private func row(_ limit: LimitOfStore, _ objectives: Objectives) -> DataTable.Row {
    DataTable.Row(cells: [
      Tag.code { limit.key }, .text(limit.text(objectives)), "the whole store",
      .text(origin(limit.value(objectives), limit.value)),
    ])
  }

  private func drops(_ objectives: Objectives) -> [DataTable.Row] {
    let general = input.configuration.objectives.drop
    let origin =
      objectives.drop != general
      ? "the store's objectives"
      : general == Objectives().drop ? "default" : "objectives of the file"
    let values =
      objectives.drop.map { drop in
        [
          ("drop.false_alarm_runs", drop.falseAlarmRuns), ("drop.tolerance", drop.tolerance),
          ("drop.recovery_runs", drop.recoveryRuns),
          ("drop.normal_runs", Double(drop.normalRuns)),
        ].map { ($0, Decimal(short: $1).text) }
      } ?? [("drop", "false")]
    return values.map { key, value in
      DataTable.Row(cells: [Tag.code { key }, .text(value), "the whole store", .text(origin)])
    }
  }

  private func origin(_ value: Double, _ read: (Objectives) -> Double) -> String {
    if value != read(input.configuration.objectives) { return "the store's objectives" }
    return value == read(Objectives()) ? "default" : "objectives of the file"
  }

  private func overrides(_ objectives: Objectives) -> [DataTable.Row] {
    let general = input.configuration.objectives
    var rows: [DataTable.Row] = []
    func add(_ key: String, _ kind: String, _ name: LabelValue, _ value: String?, _ shared: Bool) {
      guard let value else { return }
      rows.append(
        DataTable.Row(cells: [
          Tag.code { key }, .text(value),
          HTML.joined {
            "\(kind) "
            HTML.name(name.text)
          }, .text(shared ? "objectives of the file" : "the store's objectives"),
        ]))
    }
    for (name, agent) in objectives.agents.sorted(by: { $0.key < $1.key }) {
      add("qsr", "agent", name, text(agent.qsr), general.agents[name]?.qsr == agent.qsr)
    }
    for (name, gate) in objectives.gates.sorted(by: { $0.key < $1.key }) {
      let shared = general.gates[name]
      add(
        "consistency", "gate", name, text(gate.consistency),
        shared?.consistency == gate.consistency)
      add(
        "consistency_streak", "gate", name, gate.consistencyStreak.map { String($0) },
        shared?.consistencyStreak == gate.consistencyStreak)
      add(
        "threshold_staleness", "gate", name, gate.thresholdStaleness.map(TimeText.duration),
        shared?.thresholdStaleness == gate.thresholdStaleness)
    }
    for (name, subject) in objectives.subjects.sorted(by: { $0.key < $1.key }) {
      add("rmm", "subject", name, text(subject.rmm), general.subjects[name]?.rmm == subject.rmm)
    }
    return rows
  }

  private func text(_ limit: Double?) -> String? { limit.map { Decimal($0, places: 9).text } }
}
