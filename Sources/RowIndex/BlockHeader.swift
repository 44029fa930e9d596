import ReflexiveCore

/// The columns of a block apart from its ids, in file order. The time has to be the first.
enum BlockColumn: Int, CaseIterable {
  case time, kind, rejection, event, name, subject, quality, consistency, maturity
}

/// The layout of one column of a block. Each value takes as many bytes as the greatest one needs,
/// or none if all are equal.
struct ColumnLayout: Hashable, Sendable {
  /// Bytes per value: 0, 1, 2, 4 or 8.
  var width: UInt8 = 0
  var least: UInt64 = 0
  var greatest: UInt64 = 0
  /// The checksum of the column's bytes.
  var checksum: UInt64 = 0
}

/// The header of a block. It precedes the columns in the file and stays in memory.
struct BlockHeader: Sendable {
  /// The size of a header in the file, in bytes.
  static let size = 320
  /// The most rows of a block.
  static let rowLimit = 4096
  private static let magic: UInt64 = 0x3158_4f52_5846_5201

  /// A number that changes each time the file is filled anew.
  var epoch: UInt64
  var count: Int
  var firstID: Int64
  var lastID: Int64
  var times: TimeCode
  /// Whether the subject of each row that has one is its name. The subjects then have no column.
  var subjectIsName: Bool
  /// The ids as offsets from the first. They take 0 bytes each if they are consecutive.
  var ids = ColumnLayout()
  var columns = InlineArray<9, ColumnLayout>(repeating: ColumnLayout())

  subscript(column: BlockColumn) -> ColumnLayout {
    get { columns[column.rawValue] }
    set { columns[column.rawValue] = newValue }
  }

  /// The offset of a column from the end of the header. For `nil`, that of the end of the block.
  func offset(of column: BlockColumn?) -> Int {
    let end = column?.rawValue ?? columns.count
    return (0..<end).reduce(Int(ids.width)) { $0 + Int(columns[$1].width) } * count
  }

  /// The size of the block in the file, in bytes.
  var byteCount: Int { Self.size + offset(of: nil) }

  var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(Self.magic)
    writer.write(epoch)
    writer.write(count)
    writer.write(firstID)
    writer.write(lastID)
    writer.write(times)
    writer.write(subjectIsName)
    writer.write(ids)
    for index in columns.indices { writer.write(columns[index]) }
    writer.write(contentsOf: repeatElement(0, count: Self.size - 8 - writer.bytes.count))
    writer.write(XXH64.hash(writer.bytes.span.bytes))
    return writer.bytes
  }

  /// - Returns: `nil` unless the bytes are an intact header that was written for `epoch`.
  init?(_ bytes: [UInt8], epoch: UInt64) {
    guard bytes.count == Self.size else { return nil }
    var reader = ByteReader(bytes[...])
    do throws(BinaryDecodingError) {
      try reader.expect(try reader.read(UInt64.self) == Self.magic)
      self.epoch = try reader.read()
      count = try reader.read()
      firstID = try reader.read()
      lastID = try reader.read()
      times = try reader.read()
      subjectIsName = try reader.read()
      ids = try reader.read()
      for index in columns.indices { columns[index] = try reader.read() }
      let padding = try reader.readBytes(reader.remaining - 8)
      let checksum = XXH64.hash(bytes.span.bytes.extracting(..<padding.endIndex))
      try reader.expect(
        try reader.read() == checksum && self.epoch == epoch && 1...Self.rowLimit ~= count
          && firstID <= lastID)
    } catch {
      return nil
    }
  }

  init(
    epoch: UInt64, count: Int, firstID: Int64, lastID: Int64, times: TimeCode, subjectIsName: Bool
  ) {
    self.epoch = epoch
    self.count = count
    self.firstID = firstID
    self.lastID = lastID
    self.times = times
    self.subjectIsName = subjectIsName
  }
}

extension ColumnLayout: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&width)
    try coder.code(&least)
    try coder.code(&greatest)
    try coder.code(&checksum)
    try coder.expect([0, 1, 2, 4, 8].contains(width))
  }
}
