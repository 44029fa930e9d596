import ReflexiveCore

/// Finds the rows that match a filter in one block at a time, and reuses its memory.
struct BlockScan: Sendable {
  /// The file does not hold what was written to it.
  struct Damage: Error {}

  /// One byte per row, which is 1 if the row may match, and if it certainly does.
  private var possible = [UInt8](repeating: 0, count: BlockHeader.rowLimit)
  private var certain = [UInt8](repeating: 0, count: BlockHeader.rowLimit)
  private var column = [UInt8](repeating: 0, count: 8 * BlockHeader.rowLimit)
  private var count = 0
  /// The number of rows at the beginning of the block that are gone.
  private var firstLive = 0
  /// Whether every remaining row of the block matches. The arrays above then mean nothing.
  private var isEveryRow = false
  /// Whether ``certain`` differs from ``possible``. Otherwise ``certain`` means nothing.
  private var isUnsure = false

  /// The number of rows that certainly match.
  private(set) var certainCount = 0
  /// The number of rows that may match.
  private(set) var possibleCount = 0

  /// - Parameter read: fills a buffer with bytes of the block. Its offset counts from the end of
  ///   the header.
  mutating func run(
    _ filter: IndexFilter, _ header: BlockHeader, firstLive: Int,
    read: (inout [UInt8], Int, Int) throws(Damage) -> Void
  ) throws(Damage) {
    count = header.count
    guard case .all(let conditions) = filter.conditions(for: header) else {
      clear()
      return
    }
    let rejection = filter.rejection(in: header)
    self.firstLive = firstLive
    (possibleCount, certainCount) = (count - firstLive, count - firstLive)
    isEveryRow = conditions.isEmpty && rejection == nil
    if isEveryRow { return }
    isUnsure = false
    Self.set(&possible, count, firstLive: firstLive)
    for condition in conditions {
      try load(condition.column, header, read)
      apply(condition.codes, width: header[condition.column].width)
      guard possibleCount > 0 else {
        clear()
        return
      }
    }
    if let rejection { try apply(rejection, header, read) }
  }

  /// Passes the index of each row that may match to `body`, until that returns `false`.
  func forEachMatch(descending: Bool, _ body: (_ row: Int, _ isCertain: Bool) -> Bool) {
    guard possibleCount > 0 else { return }
    for number in firstLive..<count {
      let row = descending ? count + firstLive - 1 - number : number
      guard isEveryRow || possible[row] != 0 else { continue }
      guard body(row, isEveryRow || !isUnsure || certain[row] != 0) else { return }
    }
  }

  /// Clears the bytes after the last row, too, because rows are compared sixteen at a time.
  private static func set(_ rows: inout [UInt8], _ count: Int, firstLive: Int) {
    rows.withUnsafeMutableBufferPointer { rows in
      rows[..<firstLive].update(repeating: 0)
      rows[firstLive..<count].update(repeating: 1)
      rows[count...].update(repeating: 0)
    }
  }

  private mutating func clear() { (possibleCount, certainCount) = (0, 0) }

  /// Reads a column whose values differ, and verifies its checksum.
  private mutating func load(
    _ name: BlockColumn, _ header: BlockHeader,
    _ read: (inout [UInt8], Int, Int) throws(Damage) -> Void
  ) throws(Damage) {
    let layout = header[name]
    let size = Int(layout.width) * header.count
    try read(&column, header.offset(of: name), size)
    guard XXH64.hash(column.span.bytes.extracting(0..<size)) == layout.checksum else {
      throw Damage()
    }
  }

  private mutating func apply(
    _ rejection: IndexFilter.RejectionCondition, _ header: BlockHeader,
    _ read: (inout [UInt8], Int, Int) throws(Damage) -> Void
  ) throws(Damage) {
    var ahead = [UInt64](repeating: header[.time].least, count: count)
    if header[.time].width > 0 {
      try load(.time, header, read)
      for row in 0..<count { ahead[row] = value(at: row, width: Int(header[.time].width)) }
    }
    if header[.rejection].width > 0 { try load(.rejection, header, read) }
    clear()
    if !isUnsure { certain = possible }
    isUnsure = true
    for row in 0..<count {
      let code = header[.rejection].width > 0 ? column[row] : UInt8(header[.rejection].least)
      let (isPossible, isCertain) = rejection.allows(
        code, mayBeAhead: rejection.ahead.possible?.contains(ahead[row]) ?? false,
        isAhead: rejection.ahead.certain?.contains(ahead[row]) ?? false)
      possible[row] &= isPossible ? 1 : 0
      certain[row] &= isCertain ? 1 : 0
      possibleCount += Int(possible[row])
      certainCount += Int(certain[row])
    }
  }

  private func value(at row: Int, width: Int) -> UInt64 {
    var value: UInt64 = 0
    for offset in (0..<width).reversed() {
      value = value << 8 | UInt64(column[row * width + offset])
    }
    return value
  }
}

// MARK: - Comparing a column

extension BlockScan {
  private mutating func apply(_ codes: CodeMatch, width: UInt8) {
    guard width > 0 else {
      // All values are equal and may match. Otherwise the header would have settled the condition.
      Self.set(&certain, count, firstLive: count)
      (isUnsure, certainCount) = (true, 0)
      return
    }
    if !isUnsure, codes.possible != codes.certain {
      isUnsure = true
      certain = possible
    }
    possibleCount = Self.keep(codes.possible, of: &possible, count, column, width)
    certainCount =
      isUnsure ? Self.keep(codes.certain, of: &certain, count, column, width) : possibleCount
  }

  /// Clears the rows whose value is outside of `codes`.
  ///
  /// The types are spelled out, because a generic function over vectors takes ten times as long.
  ///
  /// - Returns: the number of rows that are left.
  private static func keep(
    _ codes: ClosedRange<UInt64>?, of rows: inout [UInt8], _ count: Int, _ column: [UInt8],
    _ width: UInt8
  ) -> Int {
    switch width {
    case 1:
      guard let bounds = Bounds<UInt8>(codes) else { break }
      let (least, length) = (SIMD16(repeating: bounds.least), SIMD16(repeating: bounds.length))
      return keep(of: &rows, count, column) { column, row in
        let values = column.loadUnaligned(fromByteOffset: row, as: SIMD16<UInt8>.self)
        return SIMD16(repeating: 0).replacing(with: 1, where: (values &- least) .<= length)
      }
    case 2:
      guard let bounds = Bounds<UInt16>(codes) else { break }
      let (least, length) = (SIMD16(repeating: bounds.least), SIMD16(repeating: bounds.length))
      return keep(of: &rows, count, column) { column, row in
        let values = column.loadUnaligned(fromByteOffset: row &* 2, as: SIMD16<UInt16>.self)
        let isIn: SIMD16<UInt16> = SIMD16(repeating: 0)
          .replacing(with: 1, where: (values &- least) .<= length)
        return SIMD16(truncatingIfNeeded: isIn)
      }
    case 4:
      guard let bounds = Bounds<UInt32>(codes) else { break }
      let (least, length) = (SIMD16(repeating: bounds.least), SIMD16(repeating: bounds.length))
      return keep(of: &rows, count, column) { column, row in
        let values = column.loadUnaligned(fromByteOffset: row &* 4, as: SIMD16<UInt32>.self)
        let isIn: SIMD16<UInt32> = SIMD16(repeating: 0)
          .replacing(with: 1, where: (values &- least) .<= length)
        return SIMD16(truncatingIfNeeded: isIn)
      }
    default:
      guard let bounds = Bounds<UInt64>(codes) else { break }
      let (least, length) = (SIMD16(repeating: bounds.least), SIMD16(repeating: bounds.length))
      return keep(of: &rows, count, column) { column, row in
        let values = column.loadUnaligned(fromByteOffset: row &* 8, as: SIMD16<UInt64>.self)
        let isIn: SIMD16<UInt64> = SIMD16(repeating: 0)
          .replacing(with: 1, where: (values &- least) .<= length)
        return SIMD16(truncatingIfNeeded: isIn)
      }
    }
    set(&rows, count, firstLive: count)
    return 0
  }

  /// The least value of a range and the distance to its greatest; `nil` for an empty range.
  private struct Bounds<Value: FixedWidthInteger & UnsignedInteger> {
    var least: Value
    var length: Value

    init?(_ codes: ClosedRange<UInt64>?) {
      guard let codes, codes.lowerBound <= UInt64(Value.max) else { return nil }
      least = Value(truncatingIfNeeded: codes.lowerBound)
      length = Value(clamping: codes.upperBound) - least
    }
  }

  /// Compares sixteen rows at a time by hand. The compiler's own version takes four times as long.
  @inline(__always)
  private static func keep(
    of rows: inout [UInt8], _ count: Int, _ column: [UInt8],
    _ isIn: (_ column: UnsafeRawBufferPointer, _ row: Int) -> SIMD16<UInt8>
  ) -> Int {
    rows.withUnsafeMutableBytes { rows in
      column.withUnsafeBytes { column in
        var (sum, row) = (0, 0)
        while row < count {
          let before = rows.loadUnaligned(fromByteOffset: row, as: SIMD16<UInt8>.self)
          let kept = before & isIn(column, row)
          rows.storeBytes(of: kept, toByteOffset: row, as: SIMD16<UInt8>.self)
          sum &+= Int(kept.wrappedSum())
          row &+= 16
        }
        return sum
      }
    }
  }
}
