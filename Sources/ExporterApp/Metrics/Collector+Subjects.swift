import Exposition
import Following
import ReflexiveCore

extension Collector {
  static func subjectFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    [
      MetricFamily(.rmmScore, of: stores, each: \.subjects) { store, subject, family in
        family.append([store, subject.name.text], ifKnown: subject.latest)
      },
      MetricFamily(.rmmAverage, of: stores, each: \.subjects) { store, subject, family in
        for average in subject.averages {
          family.append([store, subject.name.text, average.window], average.mean)
        }
      },
      MetricFamily(.rmmSamples, of: stores, each: \.subjects) { store, subject, family in
        for average in subject.averages {
          family.append([store, subject.name.text, average.window], Double(average.samples))
        }
      },
      MetricFamily(.rmmProgression, of: stores, each: \.subjects) { store, subject, family in
        family.append([store, subject.name.text], ifKnown: subject.progressionPerDay)
      },
      MetricFamily(.subjectObjective, of: stores, each: \.subjects) { store, subject, family in
        family.append([store, subject.name.text, "rmm"], subject.objective)
      },
    ]
  }

  static func objectiveFamilies(_ stores: [StoreSnapshot]) -> [MetricFamily] {
    [
      MetricFamily(.objective, of: stores) { store, family in
        for (indicator, limit) in store.objectives.limits {
          family.append([store.name, indicator], limit)
        }
      }
    ]
  }
}

extension MetricDescriptor {
  fileprivate static let rmmScore = MetricDescriptor(
    "reflexive_rmm_score", help: "Latest reflexive maturity (RMM) score of the subject.",
    type: .gauge, labelNames: ["store", "subject"])
  fileprivate static let rmmAverage = MetricDescriptor(
    "reflexive_rmm_average", help: "Mean RMM score of the subject in the window.", type: .gauge,
    labelNames: ["store", "subject", "window"])
  fileprivate static let rmmSamples = MetricDescriptor(
    "reflexive_rmm_samples", help: "Number of scores in the subject's mean in the window.",
    type: .gauge, labelNames: ["store", "subject", "window"])
  fileprivate static let rmmProgression = MetricDescriptor(
    "reflexive_rmm_progression_per_day",
    help: "Least-squares slope of the subject's RMM score over 7 days, in score per day.",
    type: .gauge, labelNames: ["store", "subject"])
  fileprivate static let subjectObjective = MetricDescriptor(
    "reflexive_subject_objective", help: "The limit in force for the subject.", type: .gauge,
    labelNames: ["store", "subject", "indicator"])
  fileprivate static let objective = MetricDescriptor(
    "reflexive_objective", help: "The limits in force for the store.", type: .gauge,
    labelNames: ["store", "indicator"])
}
