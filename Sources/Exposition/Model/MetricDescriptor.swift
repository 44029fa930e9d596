/// The properties that all metrics of a family share.
///
/// Descriptors are written in code and never made from data, so an invalid one is a bug. The lines
/// that each format writes of a descriptor are encoded once, and all pages share them.
package final class MetricDescriptor: Sendable {
  /// The name in queries. A counter's ends in `_total`, and a histogram's has no suffix.
  package let name: String
  package let help: String
  package let type: MetricType
  /// The base unit (`seconds`, `bytes`). Only OpenMetrics has a line for it.
  package let unit: String?
  /// The label names, in the order of the values in ``LabelValues``.
  package let labelNames: [String]
  /// The name of the family in OpenMetrics: a counter's without `_total`.
  ///
  /// Source: OpenMetrics 1.0, "Counter": the MetricPoint's sample name has the suffix `_total`.
  package let familyName: String
  /// The lines before the samples, in the text format and in OpenMetrics.
  let textHeader: [UInt8]
  let openMetricsHeader: [UInt8]
  /// The text before each label value: `{store="`, then `",agent="`, and so on.
  let labelOpenings: [[UInt8]]

  /// - Precondition: All names are valid in both formats. A counter's name ends in `_total`, and no
  ///   other name does. No name ends in a suffix of histogram samples. ``familyName`` ends in the
  ///   unit. The label names are distinct.
  package init(
    _ name: String, help: String, type: MetricType, unit: String? = nil, labelNames: [String] = []
  ) {
    self.name = name
    self.help = help
    self.type = type
    self.unit = unit
    self.labelNames = labelNames
    familyName = type == .counter ? String(name.dropLast(Self.counterSuffix.count)) : name
    textHeader = TextEncoder.header(name: name, help: help, type: type)
    openMetricsHeader = OpenMetricsEncoder.header(
      name: familyName, help: help, type: type, unit: unit)
    labelOpenings = labelNames.enumerated().map { index, name in
      Array(((index == 0 ? "{" : "\",") + name + "=\"").utf8)
    }
    requireValidName()
    requireValidLabelNames()
  }

  private static let counterSuffix = "_total"
  private static let sampleSuffixes = ["_bucket", "_count", "_sum", "_created"]

  private func requireValidName() {
    precondition(Self.isName(name, allowing: ":"), "\(name) is not a metric name")
    precondition(
      name.hasSuffix(Self.counterSuffix) == (type == .counter),
      "\(name): counters, and only they, end in \(Self.counterSuffix)")
    precondition(!familyName.isEmpty, "\(name) has no name before its suffix")
    precondition(
      !Self.sampleSuffixes.contains(where: familyName.hasSuffix),
      "\(name) can be mistaken for a sample of a histogram")
    if let unit {
      precondition(familyName.hasSuffix("_" + unit), "\(name) does not end in its unit \(unit)")
    }
  }

  private func requireValidLabelNames() {
    for label in labelNames {
      precondition(
        Self.isName(label) && !label.hasPrefix("__") && !(type == .histogram && label == "le"),
        "\(name) cannot have the label \(label)")
    }
    precondition(Set(labelNames).count == labelNames.count, "\(name) names a label twice")
  }

  /// Whether `name` is valid in both formats. They forbid an empty name and a digit at the
  /// beginning.
  ///
  /// Source: OpenMetrics 1.0 ABNF, `metricname`, which allows ":", and `label-name`.
  static func isName(_ name: String, allowing extra: Unicode.Scalar? = nil) -> Bool {
    guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
    return name.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": true
      default: scalar == extra
      }
    }
  }
}
