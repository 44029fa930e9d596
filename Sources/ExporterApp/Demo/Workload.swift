import EvidenceStore
import ReflexiveCore

/// The rows that a small team of agents and gates writes: one run of an agent after another, each
/// followed by the decision of a gate.
///
/// The rows depend only on the seed and on the times of the runs.
struct Workload: Sendable {
  /// A gate uses the rule of `QualityGate` and needs no service.
  private struct Gate: Sendable {
    var name: String
    var threshold: AdaptiveThreshold
  }

  private struct Agent: Sendable {
    var name: String
    var quality: Double
    var maturity: Double
  }

  /// Every 15 minutes of evidence time one agent scores low for 3 minutes, and one gate is
  /// inconsistent.
  private static let spellEvery: Double = 900
  private static let spellLength: Double = 180
  /// Once a day the owner of the gates resets their thresholds.
  private static let recalibrateEvery: Double = 86_400

  private var random: SplitMix64
  private var turn = 0
  private var lastRecalibration: Double?
  private var gates = [
    Gate(name: "ResearchGate", threshold: AdaptiveThreshold(0.7)),
    Gate(name: "ReleaseGate", threshold: AdaptiveThreshold(0.75)),
    Gate(name: "SafetyGate", threshold: AdaptiveThreshold(0.5)),
  ]
  private var agents = [
    Agent(name: "CodeSummarizer", quality: 0.86, maturity: 0.82),
    Agent(name: "DataIngest", quality: 0.78, maturity: 0.77),
    Agent(name: "ResearchPlanner", quality: 0.82, maturity: 0.80),
    Agent(name: "TestWriter", quality: 0.9, maturity: 0.86),
  ]

  init(seed: UInt64) { random = SplitMix64(state: seed) }

  /// The rows of the next run, at `time`.
  mutating func next(at time: UnixTime) -> [NewEvidenceRow] {
    recalibrate(at: time)
    let agent = turn % agents.count
    let gate = turn % gates.count
    turn += 1
    let isBad = isInSpell(agent, of: agents.count, at: time)
    let isUnsure = isInSpell(gate, of: gates.count, at: time)
    let score = clamped(agents[agent].quality - (isBad ? 0.4 : 0) + noise(0.08))
    agents[agent].maturity = clamped(agents[agent].maturity + noise(0.002))
    let consistency = clamped((isUnsure ? 0.8 : 0.96) + noise(0.03))
    let needed = gates[gate].threshold.judge(score)
    let ts = time.calendarText
    return [
      NewEvidenceRow(
        event: LabelValue.execution.text,
        payload: """
          {"event": "\(LabelValue.execution.text)", "agent": "\(agents[agent].name)", \
          "output_quality": \(score), "rmm_score": \(rounded(agents[agent].maturity)), \
          "timestamp": "\(ts)"}
          """, ts: ts),
      NewEvidenceRow(
        event: LabelValue.evaluation.text,
        payload: """
          {"event": "\(LabelValue.evaluation.text)", "gate": "\(gates[gate].name)", \
          "output_quality": \(score), "self_assessment": {"consistency": \(consistency), \
          "confidence": \(clamped(score + noise(0.05))), "calibration_needed": \(needed)}, \
          "current_threshold": \(gates[gate].threshold.value), "timestamp": "\(ts)"}
          """, ts: ts),
    ]
  }

  private mutating func recalibrate(at time: UnixTime) {
    guard let last = lastRecalibration, time.seconds - last < Self.recalibrateEvery else {
      lastRecalibration = time.seconds
      for gate in gates.indices { gates[gate].threshold = AdaptiveThreshold(0.7) }
      return
    }
  }

  /// Whether the agent or gate at `index` of `count` has its bad spell.
  private func isInSpell(_ index: Int, of count: Int, at time: UnixTime) -> Bool {
    let spell = (time.seconds / Self.spellEvery).rounded(.down)
    let isSpell = time.seconds - spell * Self.spellEvery < Self.spellLength
    return isSpell && Int(spell.truncatingRemainder(dividingBy: Double(count))) == index
  }

  private mutating func noise(_ width: Double) -> Double {
    Double.random(in: -width...width, using: &random)
  }

  private func clamped(_ score: Double) -> Double { rounded(min(max(score, 0), 1)) }

  private func rounded(_ score: Double) -> Double { (score * 10_000).rounded() / 10_000 }
}
