import EvidenceStore
import ReflexiveCore

extension SchemaLibrary {
  static var store: [JSON.Member] {
    [
      JSON.Member("store", text), JSON.Member("path", text),
      JSON.Member("up", ["type": "boolean"]), JSON.Member("is_ready", ["type": "boolean"]),
      JSON.Member("rows", optional("integer")), JSON.Member("tail_id", id),
      JSON.Member("backlog_rows", id), JSON.Member("journal_mode", optional("string")),
      JSON.Member("time_column", optional("string")),
      JSON.Member("size_bytes", optional("integer")),
      JSON.Member("rejected", map(count)), JSON.Member("resets", map(count)),
      JSON.Member("read_errors", map(count)),
    ] + time("last_evidence") + [JSON.Member("receives", ["type": "boolean"])]
  }

  static var indicators: [JSON.Member] {
    [
      JSON.Member("store", text),
      JSON.Member(
        "averages",
        map(object([JSON.Member("mean", number), JSON.Member("samples", count)]))),
      JSON.Member("objectives", map(number)),
      JSON.Member("agents", list(reference("Agent"))),
      JSON.Member("gates", list(reference("Gate"))),
      JSON.Member("subjects", list(reference("Subject"))),
    ]
  }

  static var agent: [JSON.Member] {
    [
      JSON.Member("agent", text), JSON.Member("executions", count),
      JSON.Member("latest_score", optional("number")), JSON.Member("average", map(number)),
      JSON.Member("samples", map(count)), JSON.Member("normal", optional("number")),
      JSON.Member("objectives", map(number)), JSON.Member("drops", map(reference("Drop"))),
    ] + time("last_execution")
  }

  static var gate: [JSON.Member] {
    [
      JSON.Member("gate", text), JSON.Member("evaluations", count),
      JSON.Member("consistency", optional("number")),
      JSON.Member("consistency_average", map(number)),
      JSON.Member("consistency_normal", optional("number")),
      JSON.Member("low_consistency_streak", optional("integer")),
      JSON.Member("low_consistency_breaches", optional("integer")),
      JSON.Member("confidence", optional("number")), JSON.Member("calibrations_needed", count),
      JSON.Member("threshold", optional("number")), JSON.Member("threshold_average", map(number)),
      JSON.Member("threshold_moves", optional("integer")),
      JSON.Member("threshold_drift", map(number)),
      JSON.Member(
        "threshold_state", choice(ThresholdState.allCases.map(\.rawValue), orNull: true)),
      JSON.Member("objectives", map(number)), JSON.Member("drops", map(reference("Drop"))),
    ] + time("last_evaluation") + time("threshold_last_move")
  }

  static var subject: [JSON.Member] {
    [
      JSON.Member("subject", text), JSON.Member("score", optional("number")),
      JSON.Member("average", map(number)), JSON.Member("samples", map(count)),
      JSON.Member("normal", optional("number")),
      JSON.Member("progression_per_day", optional("number")),
      JSON.Member("objectives", map(number)), JSON.Member("drops", map(reference("Drop"))),
    ]
  }

  static var drop: [JSON.Member] {
    [
      JSON.Member("drops", count), JSON.Member("active", optional("boolean")),
      JSON.Member("evidence", optional("number")), JSON.Member("limit", optional("number")),
      JSON.Member("mean", optional("number")), JSON.Member("samples", optional("integer")),
      JSON.Member("start_id", optional("integer")),
    ] + time("start")
  }

  static var verdict: [JSON.Member] {
    [
      JSON.Member("store", text),
      JSON.Member("indicator", choice(Verdict.Indicator.allCases.map(\.rawValue))),
      JSON.Member("subject_kind", choice(Verdict.SubjectKind.allCases.map(\.rawValue))),
      JSON.Member("subject", text), JSON.Member("range", text),
      JSON.Member("value", ["type": ["number", "string", "null"]]),
      JSON.Member("limit", ["type": ["number", "string"]]),
      JSON.Member("comparison", choice(Verdict.Comparison.allCases.map(\.rawValue))),
      JSON.Member("samples", optional("integer")),
      JSON.Member("state", choice(Verdict.State.allCases.map(\.rawValue))),
      JSON.Member("first_id", optional("integer")), JSON.Member("last_id", optional("integer")),
      JSON.Member("link", ["type": ["string", "null"], "format": "uri-reference"]),
    ]
  }

  static var page: [JSON.Member] {
    [
      JSON.Member("store", text), JSON.Member("rows", list(reference("Evidence"))),
      JSON.Member("matches", optional("integer")), JSON.Member("rows_total", optional("integer")),
      JSON.Member("complete", ["type": "boolean"]), JSON.Member("next", optional("string")),
      JSON.Member("previous", optional("string")),
    ]
  }

  static var row: [JSON.Member] {
    [
      JSON.Member("id", id), JSON.Member("event", text), JSON.Member("agent", optional("string")),
      JSON.Member("gate", optional("string")), JSON.Member("subject", optional("string")),
      JSON.Member("score", optional("number")), JSON.Member("consistency", optional("number")),
      JSON.Member("confidence", optional("number")),
      JSON.Member("calibration_needed", optional("boolean")),
      JSON.Member("threshold", optional("number")), JSON.Member("rmm_score", optional("number")),
      JSON.Member("rejection", choice(Rejection.allCases.map(\.rawValue), orNull: true)),
    ] + time("evidence")
  }

  static var problem: [JSON.Member] {
    [
      JSON.Member("type", ["type": "string", "format": "uri-reference"]),
      JSON.Member("title", text), JSON.Member("status", ["type": "integer"]),
      JSON.Member("detail", text),
      JSON.Member(
        "errors", list(object([JSON.Member("pointer", text), JSON.Member("reason", text)]))),
    ]
  }
}
