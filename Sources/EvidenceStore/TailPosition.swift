import LinuxSystem
package import ReflexiveCore

/// Which file a tail reads, and how far it has come. It is enough to go on in another process, and
/// to tell whether the file is still the same.
package struct TailPosition: Hashable, Sendable {
  /// The last row that was read.
  struct Row: Hashable, Sendable {
    var id: Int64
    var fingerprint: RowFingerprint
  }

  var identity: FileIdentity
  var row: Row?
  /// The database file beneath the WAL; `nil` if it was read without one.
  var fileBeneathWAL: FileBeneathWAL?

  /// The id of the last row that was read; `nil` before the first.
  package var tailID: Int64? { row?.id }
}

extension TailPosition: BinaryCodable {
  package func write(to writer: inout ByteWriter) {
    writer.write(identity)
    writer.write(row)
    writer.write(fileBeneathWAL)
  }

  package init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    identity = try reader.read()
    row = try reader.read()
    fileBeneathWAL = try reader.read()
  }
}

extension TailPosition.Row: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(fingerprint)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    id = try reader.read()
    fingerprint = try reader.read()
  }
}

extension FileIdentity: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(device)
    writer.write(inode)
    writer.write(birth)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self.init(device: try reader.read(), inode: try reader.read(), birth: try reader.read())
  }
}
