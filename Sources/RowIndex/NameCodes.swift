import ReflexiveCore

/// Codes the names of events, agents, gates and subjects in 16 bits.
///
/// The first names have a code each. Later names, and those that are too long, share the other
/// codes by hash, so a filter for one of them also finds rows of others.
struct NameCodes: Sendable {
  static let absent: UInt16 = 0
  // One more than the index of the event in every label table.
  private static let executionCode: UInt16 = 3
  private static let evaluationCode: UInt16 = 4

  private static let tableLimit = 2044
  /// The lowest code that several names may share.
  private static let firstShared: UInt64 = 2049
  private static let sharedCount: UInt64 = 63_487

  private var table = LabelTable(limit: tableLimit)
  /// The codes of names, by the index of the name in a table of the indicators. They save a second
  /// lookup of the name.
  private var codesByIndex = InlineArray<3, [UInt16]>(repeating: [])

  /// The label tables of the indicators.
  enum Table: Int {
    case agents, gates, subjects
  }

  init() {}

  /// - Parameter index: the index of the name in `source`, or -1.
  @inline(__always)
  mutating func code(
    of name: Name, at index: Int32, _ source: Table, in bytes: borrowing Span<UInt8>
  ) -> UInt16 {
    let index = Int(index)
    if index >= 0, index < codesByIndex[source.rawValue].count {
      let code = codesByIndex[source.rawValue][index]
      if code != Self.absent { return code }
    }
    return lookUp(name, at: index, source, in: bytes)
  }

  @inline(never)
  private mutating func lookUp(
    _ name: Name, at index: Int, _ source: Table, in bytes: borrowing Span<UInt8>
  ) -> UInt16 {
    let code = code(of: name, in: bytes)
    guard index >= 0, index != LabelTable.overflow else { return code }
    let missing = index + 1 - codesByIndex[source.rawValue].count
    if missing > 0 {
      codesByIndex[source.rawValue] += Array(repeating: Self.absent, count: missing)
    }
    codesByIndex[source.rawValue][index] = code
    return code
  }

  mutating func code(of name: Name, in bytes: borrowing Span<UInt8>) -> UInt16 {
    if case .tooLong(let digest) = name { return Self.sharedCode(digest) }
    let position = table.index(of: name, in: bytes)
    guard position == LabelTable.overflow, case .bytes(let range) = name else {
      return UInt16(position + 1)
    }
    let text = bytes.extracting(range.offset..<range.offset + range.count)
    return Self.sharedCode(Name.digest(of: text))
  }

  /// The code of a known event; `nil` for any other.
  static func code(of kind: Evidence.Kind) -> UInt16? {
    switch kind {
    case .execution: executionCode
    case .evaluation: evaluationCode
    case .other: nil
    }
  }

  /// The codes of the rows with this name.
  func codes(of name: LabelValue) -> CodeMatch {
    let bytes = Array(name.text.utf8)
    if bytes.count <= Name.byteLimit, let position = table.existingIndex(of: bytes.span),
      position != LabelTable.overflow
    {
      return CodeMatch(UInt64(position + 1)...UInt64(position + 1))
    }
    let code = UInt64(Self.sharedCode(Name.digest(of: bytes.span)))
    return CodeMatch(possible: code...code, certain: nil)
  }

  private static func sharedCode(_ digest: UInt64) -> UInt16 {
    UInt16(firstShared + digest % sharedCount)
  }
}

extension NameCodes: BinaryCodable {
  func write(to writer: inout ByteWriter) { table.write(to: &writer) }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    table = try LabelTable(limit: Self.tableLimit, from: &reader)
  }
}
