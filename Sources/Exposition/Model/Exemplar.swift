/// A value of a histogram bucket, with labels that refer to its source.
package struct Exemplar: Equatable, Sendable {
  /// The label set as OpenMetrics writes it, with braces.
  let labelSet: [UInt8]
  package let value: Double
  /// Unix seconds, finite.
  package let timestamp: Double?

  /// The most characters of all names and values of the label set together.
  ///
  /// Source: OpenMetrics 1.0, "Exemplars".
  package static let labelSetLimit = 128

  /// - Parameter timestamp: Unix seconds; left out if not finite.
  /// - Precondition: The label names are valid and distinct.
  /// - Returns: `nil` if the label set is longer than ``labelSetLimit``.
  package init?(
    labels: KeyValuePairs<String, String>, value: Double, timestamp: Double? = nil
  ) {
    precondition(
      labels.allSatisfy { MetricDescriptor.isName($0.key) }
        && (labels.count < 2 || Set(labels.map(\.key)).count == labels.count),
      "\(labels) cannot be the labels of an exemplar")
    guard Self.isShort(labels) else { return nil }
    labelSet = Self.encode(labels)
    self.value = value
    self.timestamp = timestamp.flatMap { $0.isFinite ? $0 : nil }
  }

  private static func isShort(_ labels: KeyValuePairs<String, String>) -> Bool {
    // Counting bytes is cheaper, and a character has at least one.
    if labels.reduce(0, { $0 + $1.key.utf8.count + $1.value.utf8.count }) <= labelSetLimit {
      return true
    }
    let length = labels.reduce(0) {
      $0 + $1.key.unicodeScalars.count + $1.value.unicodeScalars.count
    }
    return length <= labelSetLimit
  }

  private static func encode(_ labels: KeyValuePairs<String, String>) -> [UInt8] {
    var text = [UInt8(ascii: "{")]
    for (index, label) in labels.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      text.append(text: label.key)
      text.append(text: "=\"")
      text.append(label.value, escaping: .backslashAndQuote)
      text.append(UInt8(ascii: "\""))
    }
    text.append(UInt8(ascii: "}"))
    return text
  }
}
