/// The settings of the receiver of pushed evidence.
package struct ReceiverSettings: Hashable, Sendable {
  /// The largest body of a push in bytes, after decompression.
  package var maxBytes = 8 << 20
  /// The most bytes that may wait to be written, over all stores.
  package var queueBytes = 16 << 20
  /// The fields for the scores of evaluations that come by OpenTelemetry.
  package var scoreRules: [ScoreRule] = []

  package init() {}
}

/// Maps the score of an evaluation to a field of evidence.
package struct ScoreRule: Hashable, Sendable {
  /// A field of a payload. The raw value is its name.
  package enum Field: String, CaseIterable, Sendable {
    case outputQuality = "output_quality"
    case maturity = "rmm_score"
  }

  /// The name of the evaluation, compared by bytes.
  package var name: String
  package var field: Field
  /// The divisor of the evaluation's score.
  package var scale: Double

  package init(name: String, field: Field, scale: Double = 1) {
    self.name = name
    self.field = field
    self.scale = scale
  }
}

/// A store that evidence may be pushed to.
package struct ReceivingStore: Hashable, Sendable {
  /// The label `store`.
  package var name: String
  package var path: String
  package var scoreScale: Double
}

extension ExporterConfiguration {
  /// The stores with `receive: true`, in the order of the configuration.
  package var receivingStores: [ReceivingStore] {
    stores.compactMap { store in
      guard store.receives, let name = store.plainName else { return nil }
      return ReceivingStore(name: name, path: store.pattern, scoreScale: store.scoreScale)
    }
  }
}

extension ReceiverSettings {
  mutating func decode(_ value: ConfigurationValue) throws(ConfigurationError) {
    let section = try value.section(ReceiverKey.self)
    if let value = section[.maxBytes] {
      maxBytes = try value.size(in: 1 << 10...512 << 20, expected: "1KiB to 512MiB")
    }
    if let value = section[.queueBytes] {
      queueBytes = try value.size(in: 1 << 10...4 << 30, expected: "1KiB to 4GiB")
    }
    if let value = section[.otlp], let scores = try value.section(OTLPKey.self)[.scores] {
      scoreRules = try ScoreRule.decodeList(scores)
    }
    guard queueBytes >= maxBytes else {
      throw (section[.queueBytes] ?? section[.maxBytes] ?? value).refused(
        because: "a body of receiver.max_bytes, \(maxBytes) bytes, would never be taken",
        expected: "receiver.queue_bytes, \(queueBytes) now, to be at least as large")
    }
  }
}

extension ScoreRule {
  fileprivate static func decodeList(
    _ value: ConfigurationValue
  ) throws(ConfigurationError) -> [ScoreRule] {
    var rules: [ScoreRule] = []
    for value in try value.items(expected: "a list of evaluations") {
      let rule = try decode(value)
      guard !rules.contains(where: { $0.name.utf8.elementsEqual(rule.name.utf8) }) else {
        throw value.refused(
          quoted(rule.name), because: "it is in the list already", expected: "each name once")
      }
      rules.append(rule)
    }
    return rules
  }

  private static func decode(_ value: ConfigurationValue) throws(ConfigurationError) -> ScoreRule {
    let section = try value.section(ScoreKey.self)
    let name = "name, that of an evaluation"
    let fields = Field.allCases.map(\.rawValue).joined(separator: " or ")
    guard let nameValue = section[.name] else {
      throw value.refused("a score without name", expected: name)
    }
    guard let fieldValue = section[.field] else {
      throw value.refused("a score without as", expected: "as, \(fields)")
    }
    return ScoreRule(
      name: try nameValue.scalar(expected: name) { $0.isEmpty ? nil : $0 },
      field: try fieldValue.scalar(expected: fields) { Field(rawValue: $0) },
      scale: try section[.scale]?.positiveNumber() ?? 1)
  }
}
