/// Reads the names in a batch's rows. Collects those that have to be unescaped or turned into text.
struct NameReader {
  /// The offset of ``rewritten`` once it is appended to the batch's bytes.
  private let offset: Int
  /// The length in bytes of the longest name that is not ``Name/tooLong(digest:)``.
  private let limit: Int
  /// Unescaped names, on their way to the end of the batch's bytes.
  private(set) var rewritten: [UInt8] = []

  /// The digest of `_other`. It stands for a value that is too large to be read.
  private static let overflowDigest = Name.digest(of: Array(LabelValue.overflow.text.utf8).span)

  init(after batch: EvidenceBatch, limit: Int) {
    offset = batch.bytes.count
    self.limit = limit
  }

  /// The name in a field of the payload.
  mutating func name(_ text: Payload.Text, in bytes: Span<UInt8>) -> Name {
    guard case .string(let range, let isEscaped) = text, range.count > 0 else { return .unknown }
    let text = bytes.extracting(range.indices(in: bytes))
    if isEscaped { return unescaped(text) }
    return range.count <= limit ? .bytes(range) : .tooLong(digest: Name.digest(of: text))
  }

  /// The name in the column `event`. The name of a known `kind` is not checked again.
  mutating func event(
    _ column: SQLiteValue, of kind: Evidence.Kind, in bytes: Span<UInt8>
  ) -> Name {
    switch column {
    case .text(let range) where kind != .other: .bytes(range)
    case .null, .blob: .unknown
    case .tooLarge: .tooLong(digest: Self.overflowDigest)
    case .integer(let number): appended(String(number))
    case .real(let number): appended(Self.text(of: number))
    case .text(let range): event(range, bytes.extracting(range.indices(in: bytes)))
    }
  }

  private func event(_ range: ByteRange, _ text: Span<UInt8>) -> Name {
    guard !text.isEmpty, (try? UTF8Span(validating: text)) != nil else { return .unknown }
    return text.count <= limit ? .bytes(range) : .tooLong(digest: Name.digest(of: text))
  }

  private mutating func appended(_ text: String) -> Name {
    let start = rewritten.count
    rewritten += text.utf8
    return finish(from: start)
  }

  private mutating func unescaped(_ escaped: Span<UInt8>) -> Name {
    let start = rewritten.count
    JSONString.unescape(escaped, upTo: .max, into: &rewritten)
    return finish(from: start)
  }

  private mutating func finish(from start: Int) -> Name {
    let count = rewritten.count - start
    guard count <= limit else {
      defer { rewritten.removeLast(count) }
      return .tooLong(digest: Name.digest(of: rewritten.span.extracting(start...)))
    }
    return .bytes(ByteRange(offset: offset + start, count: count))
  }

  /// The text that SQLite makes of a REAL, which always has a decimal point: `1.0e+20`.
  private static func text(of number: Double) -> String {
    let text = number.description
    guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
    return text[..<exponent] + ".0" + text[exponent...]
  }
}

extension Name {
  /// The 64-bit digest of a name. Two names share a digest with a probability of 2^-64.
  package static func digest(of name: borrowing Span<UInt8>) -> UInt64 {
    XXH64.hash(name)
  }
}
