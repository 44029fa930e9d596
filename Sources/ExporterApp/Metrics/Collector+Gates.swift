import Exposition
import Following
import ReflexiveCore

extension Collector {
  static func gateFamilies(
    _ stores: [StoreSnapshot], withExemplars: Bool
  ) -> [MetricFamily] {
    [
      MetricFamily(.gateEvaluations, of: stores, each: \.gates) { store, gate, family in
        family.append([store, gate.name.text], Double(gate.evaluations))
      },
      MetricFamily(.gateLastEvaluation, of: stores, each: \.gates) { store, gate, family in
        family.append([store, gate.name.text], ifKnown: gate.lastEvaluation?.seconds)
      },
      MetricFamily(.gateObjective, of: stores, each: \.gates) { store, gate, family in
        let limits = gate.limits
        family.append([store, gate.name.text, "consistency"], limits.consistency)
        family.append(
          [store, gate.name.text, "consistency_streak"], Double(limits.consistencyStreak))
        family.append(
          [store, gate.name.text, "threshold_staleness_seconds"], limits.thresholdStaleness)
      },
      MetricFamily(.gateScore, of: stores, each: \.gates) { store, gate, family in
        guard let scores = gate.scores else { return }
        family.append([store, gate.name.text], Histogram(scores, withExemplars: withExemplars))
      },
      MetricFamily(.gateConsistency, of: stores, each: \.gates) { store, gate, family in
        family.append([store, gate.name.text], ifKnown: gate.own?.consistency)
      },
      MetricFamily(.gateConsistencyAverage, of: stores, each: \.gates) { store, gate, family in
        for average in gate.consistencyAverages {
          family.append([store, gate.name.text, average.window], average.mean)
        }
      },
      MetricFamily(.gateLowConsistencyStreak, of: stores, each: \.gates) { store, gate, family in
        family.append(
          [store, gate.name.text], ifKnown: (gate.own?.lowConsistencyStreak).map(Double.init))
      },
      MetricFamily(.gateLowConsistencyBreaches, of: stores, each: \.gates) { store, gate, family in
        family.append(
          [store, gate.name.text], ifKnown: (gate.own?.lowConsistencyBreaches).map(Double.init))
      },
      MetricFamily(.gateConfidence, of: stores, each: \.gates) { store, gate, family in
        family.append([store, gate.name.text], ifKnown: gate.own?.confidence)
      },
      MetricFamily(.gateCalibrationsNeeded, of: stores, each: \.gates) { store, gate, family in
        family.append([store, gate.name.text], Double(gate.calibrationsNeeded))
      },
    ]
  }
}

extension MetricDescriptor {
  fileprivate static let gateEvaluations = MetricDescriptor(
    "reflexive_gate_evaluations_total", help: "Evaluations by the gate.", type: .counter,
    labelNames: ["store", "gate"])
  fileprivate static let gateLastEvaluation = MetricDescriptor(
    "reflexive_gate_last_evaluation_timestamp_seconds",
    help: "Greatest evidence time of the gate's evaluations.", type: .gauge, unit: "seconds",
    labelNames: ["store", "gate"])
  fileprivate static let gateObjective = MetricDescriptor(
    "reflexive_gate_objective", help: "The limits in force for the gate.", type: .gauge,
    labelNames: ["store", "gate", "indicator"])
  fileprivate static let gateScore = MetricDescriptor(
    "reflexive_gate_score", help: "Quality scores that the gate gave, from 0 to 1.",
    type: .histogram, labelNames: ["store", "gate"])
  fileprivate static let gateConsistency = MetricDescriptor(
    "reflexive_gate_consistency", help: "Latest self-assessed consistency of the gate.",
    type: .gauge, labelNames: ["store", "gate"])
  fileprivate static let gateConsistencyAverage = MetricDescriptor(
    "reflexive_gate_consistency_average",
    help: "Mean self-assessed consistency of the gate in the window.", type: .gauge,
    labelNames: ["store", "gate", "window"])
  fileprivate static let gateLowConsistencyStreak = MetricDescriptor(
    "reflexive_gate_low_consistency_streak",
    help: "Evaluations in a row, ending with the latest, below the consistency objective.",
    type: .gauge, labelNames: ["store", "gate"])
  fileprivate static let gateLowConsistencyBreaches = MetricDescriptor(
    "reflexive_gate_low_consistency_breaches_total",
    help: "How often a streak of low consistency has reached the objective's length.",
    type: .counter, labelNames: ["store", "gate"])
  fileprivate static let gateConfidence = MetricDescriptor(
    "reflexive_gate_confidence", help: "Latest self-assessed confidence of the gate.",
    type: .gauge, labelNames: ["store", "gate"])
  fileprivate static let gateCalibrationsNeeded = MetricDescriptor(
    "reflexive_gate_calibrations_needed_total",
    help: "Evaluations that said calibration was needed.", type: .counter,
    labelNames: ["store", "gate"])
}
