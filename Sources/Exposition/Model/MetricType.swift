/// The types of metric families, with the word that both formats have for them.
package enum MetricType: String, Sendable {
  case counter, gauge, histogram
}
