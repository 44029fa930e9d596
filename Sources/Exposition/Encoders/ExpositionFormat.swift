/// The formats in which metrics are served.
package enum ExpositionFormat: CaseIterable, Sendable {
  case text, openMetrics

  /// The value of the Content-Type header.
  package var contentType: String {
    switch self {
    case .text: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// Whether the format has exemplars.
  package var hasExemplars: Bool { self == .openMetrics }

  /// Appends a whole exposition of `families`, in order.
  ///
  /// - Precondition: No two families have the same name.
  package func encode(_ families: [MetricFamily], into bytes: inout [UInt8]) {
    switch self {
    case .text: TextEncoder().encode(families, into: &bytes)
    case .openMetrics: OpenMetricsEncoder().encode(families, into: &bytes)
    }
  }
}
