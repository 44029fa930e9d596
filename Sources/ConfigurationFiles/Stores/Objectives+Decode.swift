package import ReflexiveCore

extension Objectives {
  /// Sets the objectives that `value` has, and keeps the others.
  package mutating func decode(_ value: ConfigurationValue) throws(ConfigurationError) {
    let section = try value.section(ObjectiveKey.self)
    if let value = section[.qsr] { qsr = try value.score() }
    if let value = section[.consistency] { consistency = try value.score() }
    if let value = section[.consistencyStreak] { consistencyStreak = try value.streak() }
    if let value = section[.thresholdStaleness] { thresholdStaleness = try value.duration() }
    if let value = section[.rmm] { rmm = try value.score() }
    if let value = section[.minSamples] { minSamples = try value.integer(in: 1...1_000_000) }
    if let value = section[.evidenceSilence] { evidenceSilence = try value.duration() }
    if let value = section[.drop] { drop = try value.drop(over: drop) }
    if let value = section[.clarity] { clarity = try value.score() }
    for (name, value) in try section[.agents]?.overrides(of: "agent") ?? [] {
      try agents[name, default: AgentObjectives()].decode(value)
    }
    for (name, value) in try section[.gates]?.overrides(of: "gate") ?? [] {
      try gates[name, default: GateObjectives()].decode(value)
    }
    for (name, value) in try section[.subjects]?.overrides(of: "subject") ?? [] {
      try subjects[name, default: SubjectObjectives()].decode(value)
    }
  }
}

extension AgentObjectives {
  fileprivate mutating func decode(_ value: ConfigurationValue) throws(ConfigurationError) {
    let section = try value.section(AgentKey.self)
    if let value = section[.qsr] { qsr = try value.score() }
  }
}

extension GateObjectives {
  fileprivate mutating func decode(_ value: ConfigurationValue) throws(ConfigurationError) {
    let section = try value.section(GateKey.self)
    if let value = section[.consistency] { consistency = try value.score() }
    if let value = section[.consistencyStreak] { consistencyStreak = try value.streak() }
    if let value = section[.thresholdStaleness] { thresholdStaleness = try value.duration() }
  }
}

extension SubjectObjectives {
  fileprivate mutating func decode(_ value: ConfigurationValue) throws(ConfigurationError) {
    let section = try value.section(SubjectKey.self)
    if let value = section[.rmm] { rmm = try value.score() }
  }
}

extension ConfigurationValue {
  fileprivate func streak() throws(ConfigurationError) -> Int {
    try integer(in: 1...1_000_000)
  }

  fileprivate func overrides(
    of kind: String
  ) throws(ConfigurationError) -> [(LabelValue, ConfigurationValue)] {
    let expected = "a mapping from the name of \(kind == "agent" ? "an" : "a") \(kind)"
    return try entries(expected: expected + " to its objectives")
      .map { (entry) throws(ConfigurationError) in
        let name = LabelValue(entry.name)
        guard !entry.name.isEmpty, entry.name.utf8.count <= 256 else {
          throw entry.value.refused(
            "the name \(quoted(entry.name))", expected: "1 to 256 bytes of UTF-8", at: entry.place)
        }
        guard name != .overflow else {
          throw entry.value.refused(
            "the name \(quoted(entry.name))", because: "it always has the store's objectives",
            expected: "the name of \(kind == "agent" ? "an" : "a") \(kind)", at: entry.place)
        }
        return (name, entry.value)
      }
  }
}
