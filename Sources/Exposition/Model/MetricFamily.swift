/// All metrics of one name. No two of them have the same label values.
///
/// Metrics stay, and are encoded, in the order in which they were appended.
package struct MetricFamily: Sendable {
  package let descriptor: MetricDescriptor
  package private(set) var metrics: [Metric] = []
  private var seen: Set<LabelValues> = []

  package init(_ descriptor: MetricDescriptor) { self.descriptor = descriptor }

  /// Appends `metric`, or leaves it out if one with the same label values is there: a scrape with a
  /// series twice is refused as a whole, so the first one stays.
  ///
  /// - Precondition: It has a value for each label name and a value of the family's type.
  /// - Returns: Whether it was appended.
  @discardableResult
  package mutating func append(_ metric: Metric) -> Bool {
    precondition(
      metric.labelValues.texts.count == descriptor.labelNames.count,
      "\(descriptor.name) has the labels \(descriptor.labelNames)")
    switch metric.value {
    case .number: precondition(descriptor.type != .histogram, "\(descriptor.name) is a histogram")
    case .histogram:
      precondition(descriptor.type == .histogram, "\(descriptor.name) is no histogram")
    }
    guard seen.insert(metric.labelValues).inserted else { return false }
    metrics.append(metric)
    return true
  }

  /// Appends a counter or a gauge, as ``append(_:)-(Metric)`` does.
  @discardableResult
  package mutating func append(_ labelValues: LabelValues, _ number: Double) -> Bool {
    append(Metric(labelValues, .number(number)))
  }

  /// Appends a histogram, as ``append(_:)-(Metric)`` does.
  @discardableResult
  package mutating func append(_ labelValues: LabelValues, _ histogram: Histogram) -> Bool {
    append(Metric(labelValues, .histogram(histogram)))
  }

  /// - Precondition: No two families have the same name in either format, as a gauge `x` and a
  ///   counter `x_total` would in OpenMetrics.
  static func requireDistinctNames(_ families: [MetricFamily]) {
    var names: Set<String> = []
    for family in families {
      precondition(
        names.insert(family.descriptor.familyName).inserted,
        "two families are named \(family.descriptor.familyName)")
    }
  }
}

extension MetricFamily: Equatable {
  package static func == (left: MetricFamily, right: MetricFamily) -> Bool {
    left.descriptor == right.descriptor && left.metrics == right.metrics
  }
}
