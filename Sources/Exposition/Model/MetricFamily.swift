/// All metrics of one name. No two of them have the same label values, compared byte by byte as in
/// Prometheus: Swift's `String` treats `é` and `e` + U+0301 as equal.
///
/// Metrics are encoded in the order in which they were appended.
package struct MetricFamily: Sendable {
  package let descriptor: MetricDescriptor
  private(set) var labelSets: LabelSets
  /// The values of a counter or a gauge, one for each label set.
  private(set) var numbers: [Double] = []
  /// The values of a histogram, one for each label set.
  private(set) var histograms: [Histogram] = []

  package init(_ descriptor: MetricDescriptor) {
    self.descriptor = descriptor
    labelSets = LabelSets(openings: descriptor.labelOpenings)
  }

  /// The number of metrics.
  package var count: Int { labelSets.count }

  /// Appends a counter or a gauge. An existing metric with the same label values stays, because
  /// both formats forbid duplicate series.
  ///
  /// - Precondition: There is a value for each label name, and the family is not a histogram.
  /// - Returns: whether it was appended.
  @discardableResult
  package mutating func append(_ labelValues: LabelValues, _ number: Double) -> Bool {
    precondition(descriptor.type != .histogram, "\(descriptor.name) is a histogram")
    guard insert(labelValues) else { return false }
    numbers.append(number)
    return true
  }

  /// Appends a histogram. An existing one with the same label values stays.
  ///
  /// - Precondition: There is a value for each label name, and the family is a histogram.
  /// - Returns: whether it was appended.
  @discardableResult
  package mutating func append(_ labelValues: LabelValues, _ histogram: Histogram) -> Bool {
    precondition(descriptor.type == .histogram, "\(descriptor.name) is not a histogram")
    guard insert(labelValues) else { return false }
    histograms.append(histogram)
    return true
  }

  private mutating func insert(_ labelValues: LabelValues) -> Bool {
    precondition(
      labelValues.texts.count == descriptor.labelNames.count,
      "\(descriptor.name) has the labels \(descriptor.labelNames)")
    return labelSets.insert(labelValues)
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
