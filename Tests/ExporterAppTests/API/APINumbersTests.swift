import EvidenceStore
import Following
import Foundation
import ReflexiveCore
import TestSupport
import Testing

@testable import ExporterApp

/// The API and the metrics of one instant show the same numbers.
struct APINumbersTests {
  private static let now = UnixTime(seconds: Int64(1_800_000_000))

  /// Every number of the indicators is a sample of the metrics, and every sample of an agent, gate or
  /// subject but those of histograms is a number of the indicators.
  @Test(arguments: 1...12) func everyIndicatorIsASampleAndEverySampleAnIndicator(
    seed: UInt64
  ) async throws {
    let exporter = try exporter(seed: seed)
    let samples = try await exporter.samples()
    let store = try await exporter.api("/indicators").json.stores[0]
    var numbers = Numbers()
    for (name, average) in store.averages.members {
      numbers["store_qsr_average", ["window": name]] = average.mean.number
      numbers["store_qsr_samples", ["window": name]] = average.samples.number
    }
    for (name, limit) in store.objectives.members {
      numbers["objective", ["indicator": name]] = limit.number
    }
    numbers.add(store.agents, "agent", score: "qsr")
    numbers.add(store.gates, "gate", score: "gate_consistency")
    numbers.add(store.subjects, "subject", score: "rmm")
    #expect(numbers.samples.count > 60)
    for (series, number) in numbers.samples {
      #expect(samples[series] == number, "\(series)")
    }
    for series in samples.keys where series.isIndicator {
      #expect(numbers.samples[series] != nil, "\(series) is not in the API")
    }
  }

  @Test(arguments: 1...6) func whatIsSaidOfAStoreIsWhatTheMetricsSay(seed: UInt64) async throws {
    let exporter = try exporter(seed: seed)
    let samples = try await exporter.samples()
    let store = try await exporter.api("/stores").json.stores[0]
    func sample(_ name: String, _ labels: String = "") -> Double? {
      samples["reflexive_\(name){store=\"evidence\"\(labels)}"]
    }
    #expect(store.up.bool == true && sample("store_up") == 1 && store.is_ready.bool == true)
    #expect(store.tail_id.number == sample("store_tail_id"))
    #expect(store.backlog_rows.number == sample("store_backlog_rows"))
    #expect(store.size_bytes.number == sample("store_size_bytes"))
    let rows = samples.filter { $0.key.hasPrefix("reflexive_evidence_rows_total") }
    #expect(store.rows.number == rows.values.reduce(0, +))
    for (kind, metric, label) in [
      ("rejected", "evidence_rejected_total", "reason"),
      ("resets", "store_resets_total", "reason"),
      ("read_errors", "store_read_errors_total", "kind"),
    ] {
      #expect(!store[kind].names.isEmpty)
      for (name, count) in store[kind].members {
        #expect(sample(metric, ",\(label)=\"\(name)\"") == count.number)
      }
    }
    let times = samples.filter { $0.key.hasPrefix("reflexive_evidence_last_timestamp") }.values
    #expect(times.max().map { Int(($0 * 1000).rounded(.down)) } == store.last_evidence_ms.int)
    #expect(store.receives.bool == false)
    #expect(store.journal_mode.text == "delete" && store.time_column.text == "ts")
  }

  @Test(arguments: ["1h", "24h", "7d", "all"])
  func aVerdictHasTheMeanOfTheMetrics(range: String) async throws {
    let exporter = try exporter(seed: 3)
    let samples = try await exporter.samples()
    let verdicts = try await exporter.api("/verdicts?range=" + range).json.verdicts.list
    let agents = verdicts.filter { $0.indicator.text == "qsr" && $0.subject_kind.text == "agent" }
    #expect(!agents.isEmpty)
    for verdict in agents {
      let labels =
        "{store=\"evidence\",agent=\"\(verdict.subject.text?.escaped ?? "")\",window=\"\(range)\"}"
      #expect(verdict.value.number == samples["reflexive_qsr_average" + labels])
      #expect(verdict.samples.number == samples["reflexive_qsr_samples" + labels] ?? 0)
    }
    let order = ["breached", "too_few", "no_data", "good"]
    let states = verdicts.compactMap { $0.state.text.flatMap { order.firstIndex(of: $0) } }
    #expect(states == states.sorted() && states.count == verdicts.count)
  }

  @Test func aVerdictLinksTheRowsThatMadeIt() async throws {
    let address = try WebAddress(externalURL: "https://example.org/out", routePrefix: nil)
    let exporter = try RoutedExporter.reading(address: address)
    let verdicts = try Parsed(
      try await exporter.ask("/out/api/v1/verdicts?range=all").body
    ).verdicts.list
    let first = try #require(verdicts.first { $0.subject_kind.text == "agent" })
    #expect(
      first.names == [
        "store", "indicator", "subject_kind", "subject", "range", "value", "limit", "comparison",
        "samples", "state", "first_id", "last_id", "link",
      ])
    #expect(first.state.text == "breached" && first.value.number == 0.5)
    #expect(first.first_id.int == 1 && first.last_id.int == 5 && first.comparison.text == ">=")
    #expect(
      first.link.text
        == "https://example.org/out/evidence?store=evidence&agent=Planner&score_max=0.6")
    for verdict in verdicts {
      let link = try #require(verdict.link.text)
      let path = try #require(link.split(separator: "example.org", maxSplits: 1).last)
      #expect(try await exporter.ask(String(path)).status == 200)
    }
  }

  @Test func aVerdictIsWrittenAsTheCheckWritesIt() async throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      let exporter = try exporter(seed: seed)
      let snapshot = try #require(exporter.registry.snapshots(at: Self.now).first)
      let evidence = try #require(snapshot.evidence)
      let verdicts = Verdicts.make(
        evidence, store: snapshot.name, objectives: snapshot.objectives, range: "24h")
      #expect(verdicts.count > 8)
      for verdict in verdicts {
        let ours = try Parsed(
          String(decoding: verdict.json(link: "/x").bytes, as: UTF8.self))
        let theirs = try Parsed(
          String(
            decoding: try JSONEncoder().encode(VerdictRecord(verdict, link: "/x")),
            as: UTF8.self))
        #expect(ours == theirs)
      }
    }
  }

  @Test func aStoreThatHasNotBeenReadHasNoNumbers() async throws {
    let exporter = try RoutedExporter()
    let store = try await exporter.api("/stores").json.stores[0]
    #expect(store.up.bool == false && store.is_ready.bool == false && store.rows.isNull)
    #expect(store.rejected.names.isEmpty && store.journal_mode.isNull && store.size_bytes.isNull)
    let indicators = try await exporter.api("/indicators").json.stores[0]
    #expect(indicators.agents.list.isEmpty && indicators.averages.names.isEmpty)
    #expect(indicators.objectives.qsr.number == 0.6)
    #expect(try await exporter.api("/verdicts").json.verdicts.list.isEmpty)
  }

  // MARK: - Random evidence

  private func exporter(seed: UInt64) throws -> RoutedExporter {
    let time = TimeSource(wall: { Self.now }, monotonic: { .now })
    let exporter = try RoutedExporter(keepsState: true, time: time)
    try PageEvidence.write(rows(seed: seed), to: exporter.paths[0])
    exporter.readStores()
    return exporter
  }

  private func rows(seed: UInt64) -> [String] {
    var random = SeededGenerator(seed: seed)
    return (0..<400).map { row in
      let age = Double(700_000 - row * 1750)
      let time = Self.now.advanced(by: -age).calendarText
      let score = row > 300 ? 0.2 : Double.random(in: 0...1, using: &random)
      let name = ["A", "B \\\"q\\\"", "é"].randomElement(using: &random) ?? "A"
      return Bool.random(using: &random)
        ? """
        {"agent": "\(name)", "output_quality": \(score), "rmm_score": \(1 - score), "timestamp": "\(time)"}
        """
        : """
        {"gate": "\(name)", "output_quality": \(score), "self_assessment": {"consistency": \(score),
        "confidence": 0.5, "calibration_needed": \(score < 0.5)}, "current_threshold": \(score),
        "timestamp": "\(time)"}
        """
    }
  }
}

/// Samples as the metrics would show what the API says.
private struct Numbers {
  var samples: [String: Double] = [:]

  subscript(name: String, labels: KeyValuePairs<String, String>) -> Double? {
    get { samples[Self.series(name, labels)] }
    set { samples[Self.series(name, labels)] = newValue }
  }

  private static func series(_ name: String, _ labels: KeyValuePairs<String, String>) -> String {
    let pairs = labels.map { name, value in
      ",\(name)=\"\(value.escaped)\""
    }
    return "reflexive_\(name){store=\"evidence\"\(pairs.joined())}"
  }

  private static let suffixes: Set<String> = [
    "executions", "evaluations", "low_consistency_breaches", "calibrations_needed",
    "threshold_moves",
  ]

  mutating func add(_ entries: Parsed, _ kind: String, score: String) {
    for entry in entries.list {
      let name = entry[kind].text ?? ""
      for (member, value) in entry.members where member != kind {
        add(member, value, kind, name, score)
      }
    }
  }

  private mutating func add(
    _ member: String, _ value: Parsed, _ kind: String, _ name: String, _ score: String
  ) {
    switch member {
    case "drops":
      for (reference, drop) in value.members {
        let labels: KeyValuePairs = [kind: name, "reference": reference]
        self["\(score)_drops_total", labels] = drop.drops.number
        for part in ["evidence", "limit", "mean", "samples", "start_id"] {
          self["\(score)_drop_\(part)", labels] = drop[part].number
        }
        self["\(score)_drop_active", labels] = drop.active.bool.map { $0 ? 1 : 0 }
        addTime("\(score)_drop_start", drop.start_time, labels)
      }
    case "objectives":
      for (indicator, limit) in value.members {
        self["\(kind)_objective", [kind: name, "indicator": indicator]] = limit.number
      }
    case "threshold_state":
      guard let current = value.text else { return }
      for state in ThresholdState.allCases.map(\.rawValue) {
        self["gate_threshold_state", [kind: name, "state": state]] = state == current ? 1 : 0
      }
    case let member where member.hasSuffix("_ms"): return
    case let member where member.hasSuffix("_time"):
      addTime("\(kind)_\(member.dropLast(5))", value, [kind: name])
    case "average", "samples", "consistency_average", "threshold_average", "threshold_drift":
      let prefix = kind == "gate" ? "gate" : score
      for (window, number) in value.members {
        self["\(prefix)_\(member)", [kind: name, "window": window]] = number.number
      }
    default:
      let prefix = kind == "gate" || member == "executions" ? kind : score
      let suffix = Self.suffixes.contains(member) ? "_total" : ""
      self["\(prefix)_\(member)\(suffix)", [kind: name]] = value.number
    }
  }

  private mutating func addTime(
    _ name: String, _ time: Parsed, _ labels: KeyValuePairs<String, String>
  ) {
    guard let text = time.text, let time = UnixTime(rfc3339OrSeconds: text) else { return }
    self["\(name)_timestamp_seconds", labels] = time.seconds
  }
}

extension Parsed {
  fileprivate var members: [(String, Parsed)] { names.sorted().map { ($0, self[$0]) } }
}

extension String {
  /// As the value of a label.
  fileprivate var escaped: String {
    replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }

  /// Of an agent, gate, subject or the objectives, and of no histogram.
  fileprivate var isIndicator: Bool {
    let ofOne = ["agent", "gate", "subject", "window", "indicator"].contains {
      contains(",\($0)=\"")
    }
    return ofOne && !contains("_score_bucket{") && !contains("_score_sum{")
      && !contains("_score_count{")
  }
}

extension RoutedExporter {
  fileprivate func samples() async throws -> [String: Double] {
    let body = try await ask("/metrics").body
    var samples: [String: Double] = [:]
    for line in body.split(separator: "\n") where !line.hasPrefix("#") {
      guard let space = line.lastIndex(of: " ") else { continue }
      samples[String(line[..<space])] = Double(line[line.index(after: space)...])
    }
    return samples
  }
}
