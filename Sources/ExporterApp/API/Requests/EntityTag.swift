import HTTPTypes
import ReflexiveCore

/// The tag of an answer's content (RFC 9110, section 8.8.3). It is weak, because the same content
/// is served with another time.
struct EntityTag: Hashable, Sendable {
  let text: String

  /// Drawn by each process, so that nobody can craft rows whose answers share a tag.
  private static let seed = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))

  init(of content: [UInt8]) {
    let words = [Self.seed.0, Self.seed.1].map { seed in
      String(XXH64.hash(content.span, seed: seed), radix: 16)
    }
    text = "W/\"\(words.joined(separator: "-"))\""
  }

  /// Whether the client has this content already.
  ///
  /// - Parameter condition: the value of `If-None-Match`.
  func matches(_ condition: String?) -> Bool {
    guard let condition else { return false }
    let wanted = text.utf8.dropFirst(2)
    return condition.utf8.split(separator: UInt8(ascii: ",")).contains { tag in
      var tag = tag.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      while tag.last == UInt8(ascii: " ") || tag.last == UInt8(ascii: "\t") { tag.removeLast() }
      if tag.elementsEqual("*".utf8) { return true }
      if tag.starts(with: "W/".utf8) { tag.removeFirst(2) }
      return tag.elementsEqual(wanted)
    }
  }
}
