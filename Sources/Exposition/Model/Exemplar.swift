/// A reference from a bucket to something outside of the metrics that lies in it.
package struct Exemplar: Equatable, Sendable {
  package let labelNames: [String]
  package let labelValues: LabelValues
  package let value: Double
  /// Unix seconds, finite.
  package let timestamp: Double?

  /// OpenMetrics 1.0, "Exemplars": names and values of the label set together, in characters.
  package static let labelSetLimit = 128

  /// - Parameter timestamp: Unix seconds; left out if not finite.
  /// - Precondition: The label names are valid and distinct.
  /// - Returns: `nil` if the label set is longer than ``labelSetLimit``.
  package init?(
    labels: KeyValuePairs<String, String>, value: Double, timestamp: Double? = nil
  ) {
    labelNames = labels.map(\.key)
    labelValues = LabelValues(labels.map(\.value))
    self.value = value
    self.timestamp = timestamp.flatMap { $0.isFinite ? $0 : nil }
    precondition(
      labelNames.allSatisfy { MetricDescriptor.isName($0) }
        && Set(labelNames).count == labelNames.count,
      "\(labelNames) cannot be the labels of an exemplar")
    let length = labels.reduce(0) {
      $0 + $1.key.unicodeScalars.count + $1.value.unicodeScalars.count
    }
    guard length <= Self.labelSetLimit else { return nil }
  }
}
