/// One label set of a family, and its value.
package struct Metric: Equatable, Sendable {
  package enum Value: Equatable, Sendable {
    /// Of a counter or a gauge.
    case number(Double)
    case histogram(Histogram)
  }

  package let labelValues: LabelValues
  package let value: Value

  package init(_ labelValues: LabelValues, _ value: Value) {
    self.labelValues = labelValues
    self.value = value
  }
}
