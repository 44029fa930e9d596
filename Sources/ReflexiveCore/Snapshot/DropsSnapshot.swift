/// The drops of one agent, gate or subject.
package struct DropsSnapshot: Hashable, Sendable {
  /// Whether there is a usable score. Before the first, only the number of drops means something.
  package var hasScores: Bool
  /// Drops of the mean below the objective.
  package var objective: DropSnapshot
  /// Drops of the mean below normal.
  package var normal: DropSnapshot
  /// The mean of the scores that normal was learned from, kept during a drop; `nil` before the
  /// first.
  package var normalMean: Double?
}

extension DropsSnapshot {
  /// The active drop that is a breach: below the objective, or below normal with a mean below the
  /// objective. If both are, the one with the lower mean.
  package func breach(of objective: Double) -> DropSnapshot.Active? {
    let belowNormal = normal.active.flatMap { $0.mean.isBelow(objective) ? $0 : nil }
    guard let belowObjective = self.objective.active else { return belowNormal }
    guard let belowNormal, belowNormal.mean < belowObjective.mean else { return belowObjective }
    return belowNormal
  }
}

/// Drops against one reference: the objective, or normal.
package struct DropSnapshot: Hashable, Sendable {
  /// A drop that has not ended.
  package struct Active: Hashable, Sendable {
    /// The mean of the scores since the drop began.
    package var mean: Double
    package var samples: Int
    /// The id of the row with which it began, an estimate.
    package var startID: Int64
    /// The evidence time of that row, if it is readable.
    package var startTime: UnixTime?
    /// The limit that it was found against.
    package var limit: Double
  }

  /// The number of drops found.
  package var drops: Int
  /// The strength of the evidence: chance alone gives as much once in this many scores. While a
  /// drop is active, the value with which it was found.
  package var evidence: Double
  /// The mean that scores are compared with. While a drop is active, the one it was found against.
  /// `nil` where nothing is judged.
  package var limit: Double?
  package var active: Active?
}
