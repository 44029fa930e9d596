import ReflexiveCore

extension ListedEvidence {
  /// The names of ``members``, in order: the columns of an export.
  static let memberNames = [
    "id", "event", "agent", "gate", "subject", "score", "consistency", "confidence",
    "calibration_needed", "threshold", "rmm_score", "rejection", "evidence_time", "evidence_ms",
  ]

  /// The row as every answer shows it.
  var members: [JSON.Member] {
    [
      JSON.Member("id", .integer(id)), JSON.Member("event", .text(event.text)),
      JSON.Member("agent", .text(ifKnown: agent)), JSON.Member("gate", .text(ifKnown: gate)),
      JSON.Member("subject", .text(ifKnown: subject)),
      JSON.Member("score", .number(ifKnown: score)),
      JSON.Member("consistency", .number(ifKnown: consistency)),
      JSON.Member("confidence", .number(ifKnown: confidence)),
      JSON.Member("calibration_needed", calibrationNeeded.map { .bool($0) } ?? .null),
      JSON.Member("threshold", .number(ifKnown: threshold)),
      JSON.Member("rmm_score", .number(ifKnown: maturity)),
      JSON.Member("rejection", .text(ifKnown: rejection?.rawValue)),
    ] + .time("evidence", time)
  }

  var json: JSON { .object(members) }
}
