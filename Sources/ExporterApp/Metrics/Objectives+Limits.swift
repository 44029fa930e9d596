import ReflexiveCore

extension Objectives {
  /// The limits of the store, with their names in metrics, on pages and in the API.
  var limits: [(indicator: String, limit: Double)] {
    let limits = [
      ("qsr", qsr), ("consistency", consistency), ("consistency_streak", Double(consistencyStreak)),
      ("threshold_staleness_seconds", thresholdStaleness), ("rmm", rmm),
      ("min_samples", Double(minSamples)), ("evidence_silence_seconds", evidenceSilence),
      ("clarity", clarity),
    ]
    guard let drop else { return limits }
    return limits + [
      ("drop_false_alarm_runs", drop.falseAlarmRuns), ("drop_tolerance", drop.tolerance),
      ("drop_recovery_runs", drop.recoveryRuns), ("drop_normal_runs", Double(drop.normalRuns)),
    ]
  }
}
