import Exposition
import Following
import ReflexiveCore

extension Collector {
  static func agentDropFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    dropFamilies(.qsr, of: stores, each: \.agents) { ($0.name, $0.drops) }
  }

  static func gateDropFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    dropFamilies(.gateConsistency, of: stores, each: \.gates) { ($0.name, $0.own?.drops) }
  }

  static func subjectDropFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    dropFamilies(.rmm, of: stores, each: \.subjects) { ($0.name, $0.drops) }
  }

  private static func dropFamilies<Part>(
    _ descriptors: DropDescriptors, of stores: [StoreSnapshot],
    each parts: KeyPath<EvidenceSnapshot, [Part]>,
    _ drops: (Part) -> (name: LabelValue, DropsSnapshot?)
  ) -> [MetricFamily] {
    /// Makes a family with at most one metric for each reference.
    func family(
      _ descriptor: MetricDescriptor, _ value: (DropsSnapshot, DropSnapshot) -> Double?
    ) -> MetricFamily {
      MetricFamily(descriptor, of: stores, each: parts) { store, part, family in
        guard case (let name, let drops?) = drops(part) else { return }
        for (reference, drop) in [("objective", drops.objective), ("normal", drops.normal)] {
          family.append([store, name.text, reference], ifKnown: value(drops, drop))
        }
      }
    }
    return [
      family(descriptors.drops) { _, drop in Double(drop.drops) },
      family(descriptors.active) { drops, drop in
        drops.hasScores ? (drop.active == nil ? 0 : 1) : nil
      },
      family(descriptors.evidence) { drops, drop in drops.hasScores ? drop.evidence : nil },
      family(descriptors.limit) { drops, drop in drops.hasScores ? drop.limit : nil },
      family(descriptors.mean) { _, drop in drop.active?.mean },
      family(descriptors.samples) { _, drop in (drop.active?.samples).map(Double.init) },
      family(descriptors.startTime) { _, drop in drop.active?.startTime?.seconds },
      family(descriptors.startID) { _, drop in (drop.active?.startID).map(Double.init) },
      MetricFamily(descriptors.normal, of: stores, each: parts) { store, part, family in
        guard case (let name, let drops?) = drops(part) else { return }
        family.append([store, name.text], ifKnown: drops.normalMean)
      },
    ]
  }
}

/// The descriptors of the metrics about drops of one kind of scores.
private struct DropDescriptors: Sendable {
  let drops, active, evidence, limit, mean, samples, startTime, startID, normal: MetricDescriptor

  static let qsr = DropDescriptors("reflexive_qsr", of: "the agent's QSR", label: "agent")
  static let gateConsistency = DropDescriptors(
    "reflexive_gate_consistency", of: "the gate's consistency", label: "gate")
  static let rmm = DropDescriptors("reflexive_rmm", of: "the subject's RMM", label: "subject")

  private init(_ prefix: String, of scores: String, label: String) {
    func descriptor(
      _ suffix: String, _ help: String, type: MetricType = .gauge, unit: String? = nil
    ) -> MetricDescriptor {
      MetricDescriptor(
        prefix + suffix, help: help, type: type, unit: unit,
        labelNames: ["store", label, "reference"])
    }
    drops = descriptor("_drops_total", "Drops of \(scores) found, each once.", type: .counter)
    active = descriptor("_drop_active", "1 while a drop of \(scores) lasts, else 0.")
    evidence = descriptor(
      "_drop_evidence", "Evidence of a drop: chance alone gives as much once in so many runs.")
    limit = descriptor("_drop_limit", "The mean that \(scores) is held against.")
    mean = descriptor("_drop_mean", "Mean of \(scores) since the drop began.")
    samples = descriptor("_drop_samples", "Number of scores in the mean since the drop began.")
    startTime = descriptor(
      "_drop_start_timestamp_seconds", "Evidence time of the drop's first run, an estimate.",
      unit: "seconds")
    startID = descriptor("_drop_start_id", "Id of the drop's first run, an estimate.")
    normal = MetricDescriptor(
      prefix + "_normal", help: "Normal mean of \(scores), learned from its scores.", type: .gauge,
      labelNames: ["store", label])
  }
}
