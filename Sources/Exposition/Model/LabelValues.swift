/// The label values of one metric, in the order of its family's label names.
///
/// Two are equal only if their bytes are, as in Prometheus: Swift's `String` takes `é` and
/// `e` + U+0301 for equal.
package struct LabelValues: Hashable, Sendable, ExpressibleByArrayLiteral {
  package let texts: [String]

  package init(_ texts: [String]) { self.texts = texts }
  package init(arrayLiteral texts: String...) { self.texts = texts }

  package static func == (left: LabelValues, right: LabelValues) -> Bool {
    left.texts.elementsEqual(right.texts) {
      $0.utf8.count == $1.utf8.count && $0.utf8.elementsEqual($1.utf8)
    }
  }

  package func hash(into hasher: inout Hasher) {
    for var text in texts {
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      // No UTF-8 has this byte: "ab", "c" and "a", "bc" stay apart.
      hasher.combine(UInt8.max)
    }
  }
}
