import Exposition
import Following
import ReflexiveCore

extension Collector {
  static func thresholdFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    [
      MetricFamily(.gateThreshold, of: stores, each: \.gates) { store, gate, family in
        family.append([store, gate.name.text], ifKnown: gate.own?.threshold)
      },
      MetricFamily(.gateThresholdAverage, of: stores, each: \.gates) { store, gate, family in
        for average in gate.thresholdAverages {
          family.append([store, gate.name.text, average.window], average.mean)
        }
      },
      MetricFamily(.gateThresholdMoves, of: stores, each: \.gates) { store, gate, family in
        family.append(
          [store, gate.name.text], ifKnown: (gate.own?.thresholdMoves).map(Double.init))
      },
      MetricFamily(.gateThresholdLastMove, of: stores, each: \.gates) { store, gate, family in
        family.append([store, gate.name.text], ifKnown: gate.own?.lastThresholdMove?.seconds)
      },
      MetricFamily(.gateThresholdDrift, of: stores, each: \.gates) { store, gate, family in
        for drift in gate.own?.thresholdDrifts ?? [] {
          family.append([store, gate.name.text, drift.window], drift.drift)
        }
      },
      MetricFamily(.gateThresholdState, of: stores, each: \.gates) { store, gate, family in
        guard let current = gate.own?.thresholdState else { return }
        for state in ThresholdState.allCases {
          family.append([store, gate.name.text, state.rawValue], state == current ? 1 : 0)
        }
      },
    ]
  }
}

extension MetricDescriptor {
  fileprivate static let gateThreshold = MetricDescriptor(
    "reflexive_gate_threshold", help: "Latest adaptive threshold of the gate.", type: .gauge,
    labelNames: ["store", "gate"])
  fileprivate static let gateThresholdAverage = MetricDescriptor(
    "reflexive_gate_threshold_average",
    help: "Mean adaptive threshold over the gate's evaluations in the window.", type: .gauge,
    labelNames: ["store", "gate", "window"])
  fileprivate static let gateThresholdMoves = MetricDescriptor(
    "reflexive_gate_threshold_moves_total",
    help: "How often the gate's threshold differed from the one before.", type: .counter,
    labelNames: ["store", "gate"])
  fileprivate static let gateThresholdLastMove = MetricDescriptor(
    "reflexive_gate_threshold_last_move_timestamp_seconds",
    help:
      "Evidence time of the threshold's latest move, or of the first threshold before any move.",
    type: .gauge, unit: "seconds", labelNames: ["store", "gate"])
  fileprivate static let gateThresholdDrift = MetricDescriptor(
    "reflexive_gate_threshold_drift",
    help: "Latest threshold minus the one in force when the window began.", type: .gauge,
    labelNames: ["store", "gate", "window"])
  fileprivate static let gateThresholdState = MetricDescriptor(
    "reflexive_gate_threshold_state",
    help: "1 for the state of the gate's threshold, 0 for the others.",
    type: .gauge, labelNames: ["store", "gate", "state"])
}
