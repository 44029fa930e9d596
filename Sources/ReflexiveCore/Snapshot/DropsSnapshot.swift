/// What is known of drops of one agent, gate or subject.
package struct DropsSnapshot: Hashable, Sendable {
  /// Before the first usable score only the number of drops means something.
  package var hasScores: Bool
  /// Of a mean below the objective.
  package var objective: DropSnapshot
  /// Of a mean below what is normal.
  package var normal: DropSnapshot
  /// The mean of the scores that normal was learned from, kept during a drop; `nil` before the first.
  package var normalMean: Double?
}

extension DropsSnapshot {
  /// The drop that is a breach, if one is: below the objective, or below normal with a mean that is
  /// below the objective. If both are, it is the one with the lower mean.
  package func breach(of objective: Double) -> DropSnapshot.Active? {
    let belowNormal = normal.active.flatMap { $0.mean.isBelow(objective) ? $0 : nil }
    guard let belowObjective = self.objective.active else { return belowNormal }
    guard let belowNormal, belowNormal.mean < belowObjective.mean else { return belowObjective }
    return belowNormal
  }
}

/// Drops against one reference: the objective, or normal.
package struct DropSnapshot: Hashable, Sendable {
  /// The drop that lasts.
  package struct Active: Hashable, Sendable {
    /// Of the scores from its start on.
    package var mean: Double
    package var samples: Int
    /// The row with which it began, an estimate.
    package var startID: Int64
    /// That row's evidence time, where it is readable.
    package var startTime: UnixTime?
    /// The mean that it was found against.
    package var limit: Double
  }

  /// Drops found, each once.
  package var drops: Int
  /// Chance alone gives as much once in so many scores. While a drop is active, what it was found
  /// with.
  package var evidence: Double
  /// The mean that scores are held against; while a drop is active, the one it was found against.
  /// `nil` where nothing is judged.
  package var limit: Double?
  package var active: Active?
}
