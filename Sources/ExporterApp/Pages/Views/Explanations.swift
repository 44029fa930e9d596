import ConfigurationFiles
import ReflexiveCore

/// How every number is made, in the words of the documentation of the metrics.
struct Explanations: Sendable {
  let configuration: ExporterConfiguration

  var html: HTML {
    Tag.section(.aria(.labelledBy, "numbers")) {
      Tag.h2(.id("numbers")) { "How every number is made" }
      Tag.p {
        "Rows are taken in the order of their ids, each once. A window covers the evidence times in "
        "(now minus window, now]; its old edge is off by at most 1 % of the window. All rows also "
        "has those without a readable time. Means are rounded to 9 decimals before they are held "
        "against a limit."
      }
      for entry in Self.entries {
        Tag.h3 { entry.title }
        Tag.p { entry.how }
        if let series = entry.series {
          Tag.p(.class("muted")) {
            "Series: "
            Tag.code { series }
          }
        }
      }
      Tag.h3 { "States" }
      Tag.p {
        "Breached: the limit does not hold. Good: it holds. Too few: there are fewer samples than "
        "min_samples, and no alert fires. No data: there is no sample in the range."
      }
    }
  }

  private struct Entry: Sendable {
    var title: String
    var series: String?
    var how: String
  }

  private static let entries = [
    Entry(
      title: "QSR of an agent", series: "reflexive_qsr_average, reflexive_qsr_samples",
      how: "The mean of output_quality over the agent's executions (event "
        + "metacognitive_agent_execution) in the range, each divided by score_scale. It has to be at "
        + "least the objective qsr of that agent."),
    Entry(
      title: "QSR of a store", series: "reflexive_store_qsr_average",
      how: "The same over all executions. Over all rows it is SELECT AVG(json_extract(payload, "
        + "'$.output_quality')) FROM evidence WHERE event = 'metacognitive_agent_execution', "
        + "divided by score_scale, if no row is rejected."),
    Entry(
      title: "Streak of low consistency",
      series:
        "reflexive_gate_low_consistency_streak, reflexive_gate_low_consistency_breaches_total",
      how: "How many evaluations of the gate in a row had a self_assessment.consistency below the "
        + "objective consistency. One without a usable consistency neither extends nor ends it. "
        + "The longest streak that reaches into the range counts. It has to be below the objective "
        + "consistency_streak. Since: the time of its first evaluation."),
    Entry(
      title: "Threshold", series: "reflexive_gate_threshold, reflexive_gate_threshold_state",
      how: "current_threshold of the latest evaluation. Moving: it moved within "
        + "threshold_staleness. Stalled: it did not, though an evaluation since needed calibration; "
        + "that is the breach. Settled: it did not, and none did. Idle: no evaluation for so long."),
    Entry(
      title: "Maturity (RMM)", series: "reflexive_rmm_average, reflexive_rmm_progression_per_day",
      how: "The mean of rmm_score over the rows of the subject in the range; it has to be at least "
        + "the objective rmm. The change a day is the slope of the least-squares line over 7 days."),
    Entry(
      title: "Drops", series: "reflexive_qsr_drop_active, reflexive_gate_consistency_drop_active",
      how:
        "A drop is found when scores are so low for so long that chance alone would give as much "
        + "evidence only once in false_alarm_runs runs: against the objective, or against the mean "
        + "that is normal for this agent, gate or subject. Where it began is an estimate. A drop "
        + "against the objective is a breach; one against normal is, if the mean since is below the "
        + "objective."),
    Entry(
      title: "Rejected evidence", series: "reflexive_evidence_rejected_total",
      how:
        "The share of rows with something that can't be used, those ahead of the clock left out. "
        + "It has to be at most 0.01, or fewer than min_samples rows."),
    Entry(
      title: "Clarity", series: "reflexive_objective",
      how: "Architectural: the share of executions that name their agent and carry a usable score "
        + "and a readable time. Procedural: the share of evaluations that name their gate and carry "
        + "consistency, confidence, calibration_needed and a threshold, which moved where "
        + "calibration was needed. Each has to be at least the objective clarity."),
    Entry(
      title: "Since when", series: nil,
      how: "A mean or a share is followed back through the pieces of the next longer window, each "
        + "1/128 of it, to the last moment at which it was not breached: so it is a time to within "
        + "one piece. Over the longest window and over all rows it is not tracked."),
  ]
}
