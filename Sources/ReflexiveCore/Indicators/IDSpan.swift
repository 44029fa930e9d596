/// The lowest and the highest id of several rows.
package struct IDSpan: Aggregate, Hashable {
  package private(set) var first: Int64
  package private(set) var last: Int64

  package init(_ id: Int64) { (first, last) = (id, id) }

  package mutating func merge(_ other: IDSpan) {
    first = min(first, other.first)
    last = max(last, other.last)
  }
}

extension IDSpan {
  package static var blank: Self { Self(0) }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&first)
    try coder.code(&last)
  }
}
