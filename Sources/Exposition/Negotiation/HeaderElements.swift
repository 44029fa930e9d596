/// The elements of a header such as Accept, in order, read in one pass over its bytes.
///
/// Source: RFC 9110, sections 5.6.1 (lists, empty elements), 5.6.4 (quoted strings) and 5.6.6
/// (parameters). A header that breaks these rules is read as far as possible and never refused.
struct HeaderElements: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var position = 0

  init(_ header: String) { bytes = Array(header.utf8) }

  mutating func next() -> HeaderElement? {
    while position < bytes.count {
      var element = HeaderElement(name: readText(until: ",;"))
      while skip(";") {
        let name = readText(until: ",;=")
        let value = skip("=") ? readText(until: ",;") : ""
        if !name.isEmpty { element.parameters[name] = value }
      }
      _ = skip(",")
      if !element.name.isEmpty { return element }
    }
    return nil
  }

  private mutating func skip(_ delimiter: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: delimiter) else { return false }
    position += 1
    return true
  }

  /// Reads up to a delimiter outside of quotes, or to the end.
  ///
  /// - Returns: The text in lower case, without quotes and without white space around it.
  private mutating func readText(until delimiters: String) -> String {
    var text: [UInt8] = []
    var quoted = false
    while position < bytes.count {
      var byte = bytes[position]
      if !quoted && delimiters.utf8.contains(byte) { break }
      position += 1
      if byte == UInt8(ascii: "\"") {
        quoted.toggle()
        continue
      }
      if quoted, byte == UInt8(ascii: "\\"), position < bytes.count {
        byte = bytes[position]
        position += 1
      }
      if text.isEmpty && Self.isWhitespace(byte) { continue }
      text.append(Self.lowercased(byte))
    }
    while let last = text.last, Self.isWhitespace(last) { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }

  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
