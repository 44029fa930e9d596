/// A label value: valid UTF-8, equal to another only if the bytes are.
///
/// Swift's `String` treats `é` and `e` + U+0301 as equal; SQLite and Prometheus do not.
package struct LabelValue: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(stringLiteral text: String) { self.text = text }

  /// Absent, empty or unusable names.
  package static let unknown: LabelValue = "unknown"
  /// All values beyond a label's limit, together.
  package static let overflow: LabelValue = "_other"

  package static func == (left: LabelValue, right: LabelValue) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package static func < (left: LabelValue, right: LabelValue) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
