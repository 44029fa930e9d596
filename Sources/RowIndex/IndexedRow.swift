import ReflexiveCore

/// The part of a row that the index keeps.
struct IndexedRow: Hashable, Sendable {
  var id: Int64
  /// The time in seconds; NaN if the row has no readable time.
  var time: Double
  /// The codes of all columns but the time, in the order of ``BlockColumn``.
  var codes: SIMD8<UInt16>

  /// Takes a pointer, because the compiler would copy the evidence, which takes as long as the
  /// rest.
  @inline(__always)
  init(
    _ row: UnsafePointer<Evidence>, in bytes: borrowing Span<UInt8>, names: inout NameCodes
  ) {
    let kind = row.pointee.kind
    let hasMaturity = row.pointee.maturity != nil
    id = row.pointee.id
    time = row.pointee.time?.seconds ?? .nan
    var (name, subject) = (NameCodes.absent, NameCodes.absent)
    switch kind {
    case .execution:
      name = names.code(of: row.pointee.agent, at: row.pointee.nameIndex, .agents, in: bytes)
    case .evaluation:
      name = names.code(of: row.pointee.gate, at: row.pointee.nameIndex, .gates, in: bytes)
    case .other: break
    }
    if hasMaturity {
      subject = names.code(
        of: row.pointee.subject, at: row.pointee.subjectIndex, .subjects, in: bytes)
      if kind == .other { name = subject }
    }
    let scores = ScoreCode.codes(
      of: SIMD4(
        row.pointee.quality ?? .nan, row.pointee.consistency ?? .nan,
        row.pointee.maturity ?? .nan, 0))
    codes = SIMD8(
      UInt16(RowKind(kind).rawValue),
      UInt16(RejectionCode.code(of: row.pointee.lastingRejection)),
      NameCodes.code(of: kind) ?? names.code(of: row.pointee.event, in: bytes), name, subject,
      scores[0], scores[1], scores[2])
  }

  /// - Parameter column: any column but the time.
  @inline(__always)
  subscript(column: BlockColumn) -> UInt16 { codes[column.rawValue - 1] }
}

/// The kinds of rows, as codes of the index.
enum RowKind: UInt8 {
  case other, execution, evaluation

  init(_ kind: Evidence.Kind) {
    switch kind {
    case .other: self = .other
    case .execution: self = .execution
    case .evaluation: self = .evaluation
    }
  }
}

/// The rejections, as codes of the index.
enum RejectionCode {
  static let none: UInt8 = 0

  static func code(of rejection: Rejection?) -> UInt8 {
    switch rejection {
    case nil: none
    case .tooLarge: 1
    case .invalidJSON: 2
    case .notObject: 3
    case .badTimestamp: 4
    case .futureTimestamp: 5
    case .wrongType: 6
    case .nonFinite: 7
    case .outOfRange: 8
    }
  }

  /// The rejections that take precedence over a time ahead of the clock.
  static let beforeTime: ClosedRange<UInt8> = 1...3
}

extension IndexedRow: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(id)
    writer.write(time)
    for lane in codes.indices { writer.writeInteger(codes[lane]) }
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    id = try reader.read()
    time = try reader.read()
    codes = SIMD8()
    for lane in codes.indices { codes[lane] = try reader.readInteger() }
  }
}
