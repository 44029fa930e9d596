/// The label values of one metric, in the order of its family's label names.
package struct LabelValues: Sendable, ExpressibleByArrayLiteral {
  package let texts: [String]

  package init(_ texts: [String]) { self.texts = texts }
  package init(arrayLiteral texts: String...) { self.texts = texts }
}
