import Following
import ReflexiveCore

extension StoreSnapshot {
  /// The store as `/api/v1/indicators` shows it. Until it has been read to its end, it has no
  /// agents, gates, subjects and averages.
  var indicators: JSON {
    let averages = (evidence?.averages ?? []).map { average in
      JSON.Member(
        average.window,
        ["mean": .number(average.mean), "samples": .integer(average.samples)])
    }
    return [
      "store": .text(name), "averages": .object(averages),
      "objectives": .object(objectives.limits.map { JSON.Member($0.indicator, .number($0.limit)) }),
      "agents": .array(evidence?.agents.map(\.json) ?? []),
      "gates": .array(evidence?.gates.map(\.json) ?? []),
      "subjects": .array(evidence?.subjects.map(\.json) ?? []),
    ]
  }
}

extension AgentSnapshot {
  /// Members are named like the metrics, without the part that the names share.
  fileprivate var json: JSON {
    let members = [
      JSON.Member("agent", .text(name.text)), JSON.Member("executions", .integer(executions)),
      JSON.Member("latest_score", .number(ifKnown: latest)),
      JSON.Member("average", .means(averages)), JSON.Member("samples", .samples(averages)),
      JSON.Member("normal", .number(ifKnown: drops?.normalMean)),
      JSON.Member("objectives", ["qsr": .number(objective)]), JSON.Member("drops", .drops(drops)),
    ]
    return .object(members + .time("last_execution", lastExecution))
  }
}

extension GateSnapshot {
  fileprivate var json: JSON {
    let members = [
      JSON.Member("gate", .text(name.text)), JSON.Member("evaluations", .integer(evaluations)),
      JSON.Member("consistency", .number(ifKnown: own?.consistency)),
      JSON.Member("consistency_average", .means(consistencyAverages)),
      JSON.Member("consistency_normal", .number(ifKnown: own?.drops?.normalMean)),
      JSON.Member("low_consistency_streak", .integer(ifKnown: own?.lowConsistencyStreak)),
      JSON.Member("low_consistency_breaches", .integer(ifKnown: own?.lowConsistencyBreaches)),
      JSON.Member("confidence", .number(ifKnown: own?.confidence)),
      JSON.Member("calibrations_needed", .integer(calibrationsNeeded)),
      JSON.Member("threshold", .number(ifKnown: own?.threshold)),
      JSON.Member("threshold_average", .means(thresholdAverages)),
      JSON.Member("threshold_moves", .integer(ifKnown: own?.thresholdMoves)),
      JSON.Member(
        "threshold_drift",
        .object((own?.thresholdDrifts ?? []).map { JSON.Member($0.window, .number($0.drift)) })),
      JSON.Member("threshold_state", .text(ifKnown: own?.thresholdState?.rawValue)),
      JSON.Member(
        "objectives",
        [
          "consistency": .number(limits.consistency),
          "consistency_streak": .integer(limits.consistencyStreak),
          "threshold_staleness_seconds": .number(limits.thresholdStaleness),
        ]), JSON.Member("drops", .drops(own?.drops)),
    ]
    return .object(
      members + .time("last_evaluation", lastEvaluation)
        + .time("threshold_last_move", own?.lastThresholdMove))
  }
}

extension SubjectSnapshot {
  fileprivate var json: JSON {
    [
      "subject": .text(name.text), "score": .number(ifKnown: latest),
      "average": .means(averages), "samples": .samples(averages),
      "normal": .number(ifKnown: drops?.normalMean),
      "progression_per_day": .number(ifKnown: progressionPerDay),
      "objectives": ["rmm": .number(objective)], "drops": .drops(drops),
    ]
  }
}

extension JSON {
  fileprivate static func means(_ averages: [WindowAverage]) -> JSON {
    .object(averages.map { Member($0.window, .number($0.mean)) })
  }

  fileprivate static func samples(_ averages: [WindowAverage]) -> JSON {
    .object(averages.map { Member($0.window, .integer($0.samples)) })
  }

  /// The drops by reference; empty for `_other`, and where drops are off.
  fileprivate static func drops(_ drops: DropsSnapshot?) -> JSON {
    guard let drops else { return .object([]) }
    func json(_ drop: DropSnapshot) -> JSON {
      let members = [
        Member("drops", .integer(drop.drops)),
        Member("active", drops.hasScores ? .bool(drop.active != nil) : .null),
        Member("evidence", drops.hasScores ? .number(drop.evidence) : .null),
        Member("limit", drops.hasScores ? .number(ifKnown: drop.limit) : .null),
        Member("mean", .number(ifKnown: drop.active?.mean)),
        Member("samples", .integer(ifKnown: drop.active?.samples)),
        Member("start_id", .integer(ifKnown: drop.active?.startID)),
      ]
      return .object(members + .time("start", drop.active?.startTime))
    }
    return ["objective": json(drops.objective), "normal": json(drops.normal)]
  }
}
