/// OpenMetrics text, version 1.0.0.
///
/// Source: OpenMetrics 1.0 (prometheus/OpenMetrics, `specification/OpenMetrics.md`), "Text format".
package struct OpenMetricsEncoder: Sendable {
  package init() {}

  /// Appends `families`, in order, and the end marker. A family without metrics is left out.
  ///
  /// - Precondition: No two families have the same name.
  package func encode(_ families: [MetricFamily], into bytes: inout [UInt8]) {
    MetricFamily.requireDistinctNames(families)
    for family in families where family.count > 0 {
      bytes.append(contentsOf: family.descriptor.openMetricsHeader)
      SampleLines(family, withExemplars: true).write(into: &bytes)
    }
    bytes.append(text: "# EOF\n")
  }

  static func header(name: String, help: String, type: MetricType, unit: String?) -> [UInt8] {
    var bytes = Array("# TYPE \(name) \(type.rawValue)\n".utf8)
    if let unit { bytes.append(text: "# UNIT \(name) \(unit)\n") }
    bytes.append(text: "# HELP \(name) ")
    bytes.append(help, escaping: .backslashAndQuote)
    bytes.append(text: "\n")
    return bytes
  }
}
