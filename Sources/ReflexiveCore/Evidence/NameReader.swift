/// Reads the names in a batch's rows, and collects those that the rows hold in another form.
struct NameReader {
  /// Where ``rewritten`` begins once it is appended to the batch's bytes.
  private let offset: Int
  /// Unescaped names, and numbers as text. The decoder appends them to the batch's bytes.
  private(set) var rewritten: [UInt8] = []

  init(after batch: EvidenceBatch) { offset = batch.bytes.count }

  /// The name in a field of the payload.
  mutating func name(_ text: Payload.Text, in bytes: Span<UInt8>) -> Name {
    guard case .string(let range, let isEscaped) = text, range.count > 0 else { return .unknown }
    if isEscaped { return unescaped(bytes.extracting(range.indices(in: bytes))) }
    return range.count <= Name.byteLimit ? .bytes(range) : .tooLong
  }

  /// The name in the column `event`. The name of a known `kind` is not checked again.
  mutating func event(
    _ column: SQLiteValue, of kind: Evidence.Kind, in bytes: Span<UInt8>
  ) -> Name {
    switch column {
    case .text(let range) where kind != .other: .bytes(range)
    case .null, .blob: .unknown
    case .tooLarge: .tooLong
    case .integer(let number): appended(String(number))
    case .real(let number): appended(Self.text(of: number))
    case .text(let range): Self.event(range, bytes.extracting(range.indices(in: bytes)))
    }
  }

  private static func event(_ range: ByteRange, _ text: Span<UInt8>) -> Name {
    guard !text.isEmpty, (try? UTF8Span(validating: text)) != nil else { return .unknown }
    guard text.count <= Name.byteLimit else { return .tooLong }
    return .bytes(range)
  }

  private mutating func appended(_ text: String) -> Name {
    let start = rewritten.count
    rewritten += text.utf8
    return finish(from: start)
  }

  private mutating func unescaped(_ escaped: Span<UInt8>) -> Name {
    let start = rewritten.count
    JSONString.unescape(escaped, upTo: Name.byteLimit, into: &rewritten)
    return finish(from: start)
  }

  private mutating func finish(from start: Int) -> Name {
    let count = rewritten.count - start
    guard count <= Name.byteLimit else {
      rewritten.removeLast(count)
      return .tooLong
    }
    return .bytes(ByteRange(offset: offset + start, count: count))
  }

  /// The text that SQLite gives a REAL, always with a decimal point: `1.0e+20`.
  private static func text(of number: Double) -> String {
    let text = number.description
    guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }
}
