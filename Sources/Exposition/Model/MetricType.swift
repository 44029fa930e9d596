/// The types of metric families. The raw value is the name of the type in both formats.
package enum MetricType: String, Sendable {
  case counter, gauge, histogram
}
