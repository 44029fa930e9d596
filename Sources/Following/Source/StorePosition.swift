import EvidencePostgres
import EvidenceStore
import ReflexiveCore

/// How far a source has been read. This is enough to continue in another process, and to tell
/// whether the rows are still the same.
enum StorePosition: Hashable, Sendable {
  case file(TailPosition)
  case table(TablePosition)

  /// The highest id that was read; `nil` before the first row.
  var tailID: Int64? {
    switch self {
    case .file(let position): position.tailID
    case .table(let position): position.tailID
    }
  }
}

extension StorePosition: BinaryCodable {
  private static let fileTag: UInt8 = 0
  private static let tableTag: UInt8 = 1

  func write(to writer: inout ByteWriter) {
    switch self {
    case .file(let position):
      writer.write(Self.fileTag)
      writer.write(position)
    case .table(let position):
      writer.write(Self.tableTag)
      writer.write(position)
    }
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    switch try reader.read(UInt8.self) {
    case Self.fileTag: self = .file(try reader.read())
    case Self.tableTag: self = .table(try reader.read())
    default: throw .implausible
    }
  }
}
