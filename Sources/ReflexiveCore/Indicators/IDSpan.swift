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
  package func write(to writer: inout ByteWriter) {
    writer.write(first)
    writer.write(last)
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    first = try reader.read()
    last = try reader.read()
  }
}
