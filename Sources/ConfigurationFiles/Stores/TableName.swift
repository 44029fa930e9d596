/// A table, by the names that the server knows.
package struct TableName: Hashable, Sendable, CustomStringConvertible {
  package var schema: String
  package var name: String

  package init(schema: String, name: String) {
    self.schema = schema
    self.name = name
  }

  package static let expectation =
    "a table as SQL names it, such as evidence, agents.evidence or \"Agents\".\"Evidence\""

  /// Parses a name as written in SQL. Parts without quotes fold to lower case, and parts in quotes
  /// may hold anything. The default schema is `public`.
  ///
  /// - Returns: `nil` if `text` names no table.
  package init?(sql text: String) {
    var parts: [String] = []
    var rest = text.unicodeScalars[...]
    repeat {
      guard let part = Self.takePart(&rest) else { return nil }
      parts.append(part)
      guard rest.first == "." else { break }
      rest.removeFirst()
    } while true
    guard rest.isEmpty, (1...2).contains(parts.count), let name = parts.last,
      parts.allSatisfy({ (1...63).contains($0.utf8.count) && !$0.utf8.contains(0) })
    else { return nil }
    self.init(schema: parts.count == 2 ? parts[0] : "public", name: name)
  }

  private static func takePart(_ rest: inout Substring.UnicodeScalarView) -> String? {
    guard rest.first == "\"" else {
      let word = rest.prefix { isOfName($0) }
      rest = rest.dropFirst(word.count)
      guard let first = word.first, first != "$", !("0"..."9").contains(first) else { return nil }
      return String(word.map { Character(("A"..."Z").contains($0) ? lowered($0) : $0) })
    }
    rest.removeFirst()
    var part = String.UnicodeScalarView()
    while let scalar = rest.popFirst() {
      guard scalar == "\"" else {
        part.append(scalar)
        continue
      }
      guard rest.first == "\"" else { return String(part) }
      part.append(scalar)
      rest.removeFirst()
    }
    return nil
  }

  private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      || scalar == "_" || scalar == "$" || scalar.value >= 0x80
  }

  private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value | 0x20))
  }

  /// The name in SQL, with each part in quotes.
  package var quoted: String { "\(Self.quote(schema)).\(Self.quote(name))" }

  package static func quote(_ name: String) -> String {
    var quoted = "\""
    for scalar in name.unicodeScalars {
      quoted.unicodeScalars.append(scalar)
      if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
    }
    return quoted + "\""
  }

  /// The name in SQL, with quotes only where they are needed.
  package var description: String { "\(Self.shown(schema)).\(Self.shown(name))" }

  private static func shown(_ part: String) -> String {
    TableName(sql: part)?.name == part ? part : quote(part)
  }
}
