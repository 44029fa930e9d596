/// The types of metric families. The raw value is the word for it in both formats.
package enum MetricType: String, Sendable {
  case counter, gauge, histogram
}
