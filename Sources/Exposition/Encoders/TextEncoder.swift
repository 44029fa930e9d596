/// The text format, version 0.0.4.
///
/// Source: Prometheus documentation, "Exposition formats: Text-based format".
package struct TextEncoder: Sendable {
  package init() {}

  /// Appends `families`, in their order. One without metrics leaves no trace.
  ///
  /// - Precondition: No two families have the same name.
  package func encode(_ families: [MetricFamily], into bytes: inout [UInt8]) {
    MetricFamily.requireDistinctNames(families)
    for family in families where family.count > 0 {
      let descriptor = family.descriptor
      bytes.append(text: "# HELP \(descriptor.name) ")
      bytes.append(descriptor.help, escaping: .backslash)
      bytes.append(text: "\n# TYPE \(descriptor.name) \(descriptor.type.rawValue)\n")
      SampleLines(family, withExemplars: false).write(into: &bytes)
    }
  }
}
