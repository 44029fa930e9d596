import Following
import ReflexiveCore

/// Drops of one agent, gate or subject against its objective and against its normal.
struct DropTable {
  let drops: DropsSnapshot?
  /// The least acceptable mean.
  let objective: Double
  /// The rows that a query narrows.
  let evidence: ([(name: String, value: String)]) -> Link
  let now: UnixTime
  /// How one score is called, in the singular.
  let sample: String
  /// Scores between two false alarms; `nil` where drops are off.
  let falseAlarmRuns: Double?

  var html: HTML {
    guard let drops, drops.hasScores else { return .empty }
    return HTML.joined {
      Tag.h2 { "Drops" }
      DataTable(
        caption: "Drops, over the whole store",
        columns: [
          .text("Held against"), .text("State"), .number("Mean since"), .number("Limit"),
          .number("Samples since"), .text("Since", isWide: true), .number("By chance once in"),
          .number("Drops so far"),
        ],
        rows: [
          row("Objective", drops.objective, isBreach: true),
          row("Normal", drops.normal, isBreach: isBelowObjective(drops.normal)),
        ]
      ).html
      Tag.p {
        if let mean = drops.normalMean {
          "The normal mean is "
          HTML.score(mean)
          ". "
        }
        "By chance: without a drop, scores look as low as these once in so many \(sample)s."
        if let falseAlarmRuns { " A drop is reported at \(Decimal(short: falseAlarmRuns).text)." }
      }
    }
  }

  private func isBelowObjective(_ drop: DropSnapshot) -> Bool {
    drop.active.map { $0.mean.isBelow(objective) } ?? false
  }

  private func row(_ reference: String, _ drop: DropSnapshot, isBreach: Bool) -> DataTable.Row {
    let active = drop.active
    return DataTable.Row(
      cells: [
        .text(reference),
        active == nil
          ? .state(.good, "No drop")
          : isBreach ? .state(.breached, "Drop") : .state(.tooFew, "Drop, above the objective"),
        .score(active?.mean, limit: drop.limit), drop.limit.map { .score($0) } ?? "–",
        active.map { .count($0.samples) } ?? "–", active.map(since) ?? .empty,
        .text(chance(drop.evidence)),
        .count(drop.drops),
      ], isBreached: active != nil && isBreach)
  }

  private func chance(_ evidence: Double) -> String {
    let rounded = evidence < 100 ? evidence : evidence.rounded()
    return evidence < 100
      ? "\(Decimal(rounded, places: 1).text) \(sample)s"
      : "\(Decimal(short: rounded).text) \(sample)s"
  }

  private func since(_ drop: DropSnapshot.Active) -> HTML {
    HTML.joined {
      "about "
      let before = max(drop.startID, .min + 1) - 1
      Tag.a(.href(evidence([("after", String(before))]))) { "evidence \(drop.startID)" }
      if let time = drop.startTime {
        ", "
        HTML.time(time, now: now)
      }
    }
  }
}
