import ConfigurationFiles
import LinuxSystem
import EvidenceStore
import Exposition
import Foundation
import ReflexiveCore
import Testing

@testable import ExporterApp
@testable import Following

/// Every family of docs/metrics.md, to the byte. Alert rules and dashboards are checked against these
/// pages, too. `RECORD_GOLDEN=1 swift test --filter GoldenExposition` writes them anew, and fails.
struct GoldenExpositionTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Golden")

  @Test(arguments: [(ExpositionFormat.text, "exposition.txt"), (.openMetrics, "exposition.om")])
  func thePageIsTheGoldenOne(format: ExpositionFormat, name: String) throws {
    var page: [UInt8] = []
    format.encode(Collector.families(Self.snapshot), into: &page)
    let golden = Self.folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(page).write(to: golden)
      Issue.record("\(name) was written anew")
    }
    #expect(
      String(decoding: page, as: UTF8.self) == (try String(contentsOf: golden, encoding: .utf8)))
  }

  private static let now = UnixTime(seconds: 1_800_000_000, nanoseconds: 0)

  private static var snapshot: ExporterSnapshot {
    var http = HTTPSnapshot(handlers: [])
    var durations = DurationHistogram(upperBounds: [0.001, 1])
    durations.add(0.5)
    http.handlers.append(
      HTTPSnapshot.Handler(
        name: "/metrics", requests: [HTTPSnapshot.Answers(code: "200", count: 1)],
        durations: durations))
    var process = ProcessSnapshot()
    process.cpuSeconds = 1.5
    process.residentBytes = 20_000_000
    process.virtualBytes = 80_000_000
    process.openDescriptors = 12
    process.maxDescriptors = 1024
    process.startTime = 1_799_990_000.25
    return ExporterSnapshot(
      stores: [
        store,
        StoreSnapshot(
          name: "waiting", path: "/data/waiting.db", objectives: Objectives(), status: StoreStatus()
        ),
      ],
      discovery: [
        DiscoveryCount(path: "/data/waiting.db", stores: 1),
        DiscoveryCount(path: "/data/*/\"1\".db", stores: 1, conflicts: 2),
      ],
      build: BuildInfo(
        version: "0.1.0", revision: "abc", swiftVersion: "6.3", sqliteVersion: "3.40.1"),
      reload: ReloadStatus(wasSuccessful: true, lastSuccess: now), receiver: receiver, http: http,
      process: process)
  }

  private static let receiver = [
    ReceiverSnapshot(
      store: "maestro", rows: [.evidence: 8], rejected: [.evidence: [.outOfRange: 2]],
      lastSuccess: now, queueBytes: 1024),
    ReceiverSnapshot(store: "waiting"),
  ]

  private static var store: StoreSnapshot {
    var status = StoreStatus()
    status.isUp = true
    status.info = StoreInfo(
      timeColumn: StoreInfo.TimeColumn(hasTS: true, hasTimestamp: false), journalMode: "wal")
    status.tailID = 8
    status.lastRead = now
    status.readErrors = [.locked: 2]
    status.resets = [.replaced: 1]
    status.sizeBytes = 4096
    status.gaps = Pass.Gaps(unread: 3, late: 2, forgotten: 1)
    status.commitToVisible.add(0.02)
    return StoreSnapshot(
      name: "maestro", path: "/data/maestro \"1\".db", objectives: Objectives(), status: status,
      evidence: evidence)
  }

  private typealias Row = (event: String, payload: String, age: Double)

  /// Rows of which every series of a drop comes, for an agent, a gate and a subject.
  private static var fall: [Row] {
    (0..<70).flatMap { row -> [Row] in
      let (score, age) = (row < 30 ? 0.9375 : 0.0625, 100_000 - Double(row))
      return [
        (
          "metacognitive_agent_execution",
          #"{"agent":"B","output_quality":\#(score),"rmm_score":\#(score)}"#, age
        ),
        (
          "quality_gate_evaluation",
          #"{"gate":"G","self_assessment":{"consistency":\#(score)}}"#, age
        ),
      ]
    }
  }

  private static var evidence: EvidenceSnapshot {
    let payloads: [Row] = [
      ("metacognitive_agent_execution", #"{"agent":"A\"1\\\n","output_quality":0.5}"#, 7200),
      (
        "metacognitive_agent_execution", #"{"agent":"B","output_quality":0.75,"rmm_score":0.5}"#,
        90_000
      ),
      ("metacognitive_agent_execution", #"{"agent":"B","output_quality":1,"rmm_score":0.75}"#, 60),
      (
        "quality_gate_evaluation",
        #"""
        {"gate":"G","output_quality":0.5,"current_threshold":0.75,
        "self_assessment":{"consistency":0.5,"confidence":0.25,"calibration_needed":true}}
        """#, 90
      ),
      (
        "quality_gate_evaluation",
        #"{"gate":"G","current_threshold":0.5,"self_assessment":{"consistency":0.75}}"#, 30
      ),
      ("quality_gate_evaluation", #"{"gate":"G","self_assessment":{"consistency":2}}"#, 10),
      ("other", "not JSON", 5),
      ("metacognitive_agent_execution", #"{"agent":"C"}"#, 1),
    ]
    var batch = EvidenceBatch()
    for (index, row) in (payloads + fall).enumerated() {
      func text(_ text: String) -> SQLiteValue {
        var text = text
        return .text(text.withUTF8 { batch.append(UnsafeRawBufferPointer($0)) })
      }
      batch.rows.append(
        EvidenceRow(
          id: Int64(index + 1), event: text(row.event), payload: text(row.payload),
          ts: .real(now.seconds - row.age)))
    }
    EvidenceDecoder(scoreScale: 1).decode(&batch, now: now)
    var indicators = StoreIndicators(StoreIndicators.Settings(labelValues: 2))
    indicators.apply(batch, at: now)
    return indicators.snapshot(at: now)
  }
}
