/// A label value in UTF-8. Two are equal if and only if their bytes are.
///
/// Swift's `String` treats `é` and `e` + U+0301 as equal; SQLite and Prometheus do not.
package struct LabelValue: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(stringLiteral text: String) { self.text = text }

  /// The value of absent, empty and unusable names.
  package static let unknown: LabelValue = "unknown"
  /// The value of all names beyond a label's limit.
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
