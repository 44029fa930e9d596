import ReflexiveCore

/// Up to ``BlockHeader/rowLimit`` rows, encoded column by column, so that a filter reads only the
/// columns that it needs.
struct EncodedBlock: Sendable {
  private(set) var header: BlockHeader
  /// The columns, ids first, in the order of ``BlockColumn``.
  private(set) var bytes: [UInt8] = []

  /// - Parameter rows: at least one row, in order of id.
  init(_ rows: [IndexedRow], epoch: UInt64) {
    let bounds = Bounds(rows)
    let times = bounds.times
    let subjectIsName = bounds.subjectIsName
    header = BlockHeader(
      epoch: epoch, count: rows.count, firstID: rows[0].id, lastID: rows[rows.count - 1].id,
      times: times, subjectIsName: subjectIsName)
    bytes.reserveCapacity(rows.count * 17)
    let rows = rows.span
    appendIDs { rows[$0].id }
    let codes = bounds.timeCodes
    header[.time] = append(greatest: codes.upperBound, least: codes.lowerBound) { row in
      rows[row].time.isNaN ? TimeCode.absent : times.code(of: rows[row].time)
    }
    for column in BlockColumn.allCases.dropFirst() {
      let lane = column.rawValue - 1
      if column == .subject, subjectIsName {
        header[column] = append(greatest: 0, least: 0) { _ in 0 }
      } else {
        header[column] = append(
          greatest: UInt64(bounds.greatest[lane]), least: UInt64(bounds.least[lane])
        ) { UInt64(rows[$0].codes[lane]) }
      }
    }
  }

  /// Creates a block from the rows of `block` at the indices `kept`, at least one of them.
  init(_ block: EncodedBlock, keeping kept: [Int]) {
    let ids = kept.map { block.id(at: $0) }
    header = BlockHeader(
      epoch: block.header.epoch, count: kept.count, firstID: ids[0], lastID: ids[ids.count - 1],
      times: block.header.times, subjectIsName: block.header.subjectIsName)
    var scratch = [UInt64](repeating: 0, count: kept.count)
    appendIDs { ids[$0] }
    for column in BlockColumn.allCases {
      for row in scratch.indices { scratch[row] = block.value(at: kept[row], of: column) }
      header[column] = append(
        greatest: scratch.max() ?? 0, least: scratch.min() ?? 0
      ) { scratch[$0] }
    }
  }

  /// - Parameter bytes: the columns of the block.
  /// - Returns: `nil` unless the bytes are those that the header describes.
  init?(_ header: BlockHeader, _ bytes: [UInt8]) {
    self.header = header
    self.bytes = bytes
    guard bytes.count == header.offset(of: nil), isWhole(header.ids, from: 0) else { return nil }
    for column in BlockColumn.allCases {
      guard isWhole(header[column], from: header.offset(of: column)) else { return nil }
    }
  }

  func id(at row: Int) -> Int64 {
    let width = Int(header.ids.width)
    let offset = width == 0 ? UInt64(row) : Self.value(at: row, of: width, in: bytes, from: 0)
    return header.firstID &+ Int64(bitPattern: offset)
  }

  func value(at row: Int, of column: BlockColumn) -> UInt64 {
    let layout = header[column]
    guard layout.width > 0 else { return layout.least }
    return Self.value(
      at: row, of: Int(layout.width), in: bytes, from: header.offset(of: column))
  }

  private func isWhole(_ layout: ColumnLayout, from offset: Int) -> Bool {
    let end = offset + Int(layout.width) * header.count
    return XXH64.hash(bytes.span.bytes.extracting(offset..<end)) == layout.checksum
  }
}

/// The least and the greatest values of some rows.
private struct Bounds {
  var least: SIMD8<UInt16>
  var greatest: SIMD8<UInt16>
  var times: TimeCode
  /// The codes of all times, including that of rows without a time.
  var timeCodes: ClosedRange<UInt64>
  /// Whether the subject of each row that has one is its name.
  var subjectIsName = true

  init(_ rows: [IndexedRow]) {
    let rows = rows.span
    (least, greatest) = (rows[0].codes, rows[0].codes)
    var (earliest, latest, hasGap) = (Double.infinity, -Double.infinity, false)
    for index in rows.indices {
      let row = rows[index]
      least.replace(with: row.codes, where: row.codes .< least)
      greatest.replace(with: row.codes, where: row.codes .> greatest)
      if row.time.isNaN { hasGap = true }
      if row.time < earliest { earliest = row.time }
      if row.time > latest { latest = row.time }
      if row[.subject] != row[.name], row[.subject] != NameCodes.absent { subjectIsName = false }
    }
    guard earliest <= latest else {
      (times, timeCodes) = (.whole, TimeCode.absent...TimeCode.absent)
      return
    }
    times = TimeCode(from: earliest, to: latest)
    timeCodes = (hasGap ? TimeCode.absent : times.code(of: earliest))...times.code(of: latest)
  }
}

// MARK: - Columns

extension EncodedBlock {
  private mutating func appendIDs(_ id: (Int) -> Int64) {
    let first = UInt64(bitPattern: header.firstID)
    let greatest = UInt64(bitPattern: header.lastID) &- first
    guard greatest != UInt64(header.count - 1) else {
      header.ids.checksum = XXH64.hash([UInt8]().span.bytes)
      return
    }
    header.ids = append(greatest: greatest, least: 0) { UInt64(bitPattern: id($0)) &- first }
  }

  @inline(__always)
  private mutating func append(
    greatest: UInt64, least: UInt64, _ value: (Int) -> UInt64
  ) -> ColumnLayout {
    var layout = ColumnLayout(least: least, greatest: greatest)
    let start = bytes.count
    switch greatest {
    case least: break
    case ...0xFF: layout.width = append(UInt8.self, value)
    case ...0xFFFF: layout.width = append(UInt16.self, value)
    case ...0xFFFF_FFFF: layout.width = append(UInt32.self, value)
    default: layout.width = append(UInt64.self, value)
    }
    layout.checksum = XXH64.hash(bytes.span.bytes.extracting(start...))
    return layout
  }

  @inline(__always)
  private mutating func append<Value: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: Value.Type, _ value: (Int) -> UInt64
  ) -> UInt8 {
    let width = MemoryLayout<Value>.size
    let count = header.count
    bytes.append(addingCapacity: count * width) { free in
      free.withUnsafeMutableBufferPointer { buffer, initialized in
        let buffer = UnsafeMutableRawBufferPointer(buffer)
        for row in 0..<count {
          let value = Value(truncatingIfNeeded: value(row)).littleEndian
          buffer.storeBytes(of: value, toByteOffset: row &* width, as: Value.self)
        }
        initialized = count * width
      }
    }
    return UInt8(width)
  }

  private static func value(
    at row: Int, of width: Int, in bytes: [UInt8], from start: Int
  ) -> UInt64 {
    var value: UInt64 = 0
    for offset in (0..<width).reversed() {
      value = value << 8 | UInt64(bytes[start + row * width + offset])
    }
    return value
  }
}
