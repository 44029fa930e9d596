import ReflexiveCore

/// The frame of a checkpoint file, which reveals damage:
///
///     8 bytes   "RFXCKPT" and a NUL
///     4 bytes   version of the format
///     8 bytes   length of the content
///     …         content
///     8 bytes   XXH64 of all before it
///
/// Numbers are little-endian.
enum CheckpointFileFormat {
  /// The version of the format. Raise it when the layout changes, or the way in which rows are
  /// counted.
  static let version: UInt32 = 6

  private static let magic = Array("RFXCKPT\0".utf8)

  static func seal(_ content: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(contentsOf: magic)
    writer.writeInteger(version)
    writer.writeInteger(UInt64(content.count))
    writer.write(contentsOf: content)
    writer.write(XXH64.hash(writer.bytes.span))
    return writer.bytes
  }

  /// - Returns: the content.
  static func open(_ bytes: [UInt8]) -> Result<ArraySlice<UInt8>, CheckpointRefusal> {
    guard !bytes.isEmpty else { return .failure(.empty) }
    guard bytes.starts(with: magic) else { return .failure(.notACheckpoint) }
    var reader = ByteReader(bytes[magic.count...])
    do throws(BinaryDecodingError) {
      let found = try reader.readInteger(UInt32.self)
      guard found == version else { return .failure(.otherVersion) }
      let content = try reader.readBytes(Int(clamping: try reader.readInteger(UInt64.self)))
      let hashed = bytes[..<content.endIndex]
      let hash = XXH64.hash(hashed.span)
      let isWhole = try reader.read(UInt64.self) == hash
      return isWhole && reader.remaining == 0 ? .success(content) : .failure(.damaged)
    } catch {
      return .failure(.cutShort)
    }
  }
}
