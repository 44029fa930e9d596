/// The text format, version 0.0.4.
///
/// Source: Prometheus documentation, "Exposition formats: Text-based format".
package struct TextEncoder: Sendable {
  package init() {}

  /// Appends `families`, in order. A family without metrics is left out.
  ///
  /// - Precondition: No two families have the same name.
  package func encode(_ families: [MetricFamily], into bytes: inout [UInt8]) {
    MetricFamily.requireDistinctNames(families)
    for family in families where family.count > 0 {
      bytes.append(contentsOf: family.descriptor.textHeader)
      SampleLines(family, withExemplars: false).write(into: &bytes)
    }
  }

  static func header(name: String, help: String, type: MetricType) -> [UInt8] {
    var bytes = Array("# HELP \(name) ".utf8)
    bytes.append(help, escaping: .backslash)
    bytes.append(text: "\n# TYPE \(name) \(type.rawValue)\n")
    return bytes
  }
}
