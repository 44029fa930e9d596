/// How many of several rows are of one kind, and the ids of all of them.
package struct Share: Aggregate, Hashable {
  package private(set) var part = 0
  package private(set) var count = 0
  /// `nil` where there is no row.
  package private(set) var ids: IDSpan?

  init() {}

  init(id: Int64, isPart: Bool) {
    part = isPart ? 1 : 0
    count = 1
    ids = IDSpan(id)
  }

  /// A row that has been counted, and is found to be of the kind.
  static let latePart: Share = {
    var share = Share()
    share.part = 1
    return share
  }()

  package mutating func merge(_ other: Share) {
    part += other.part
    count += other.count
    guard let others = other.ids else { return }
    if ids == nil { ids = others } else { ids?.merge(others) }
  }

  /// `nil` where there is no row.
  package var value: Double? { count > 0 ? Double(part) / Double(count) : nil }
}

extension Share {
  package func write(to writer: inout ByteWriter) {
    writer.write(part)
    writer.write(count)
    writer.write(ids)
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    part = try reader.read()
    count = try reader.read()
    ids = try reader.read()
  }
}
