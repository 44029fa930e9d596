import CSQLite

/// Refuses an `evidence` that is a view over so many other views that SQLite would never finish
/// compiling it.
///
/// SQLite copies the definition of a view wherever it is named, and nothing interrupts that: twenty
/// views, each of which names the one before twice, become a million copies.
enum ViewExpansion {
  /// The most copies of definitions; 65,535 is SQLite's own limit for one table.
  private static let limit = 1000

  /// - Throws: `schema` if `evidence` expands to more definitions than the limit.
  static func check(_ connection: Connection) throws(StoreReadError) {
    let isView = try Statement(
      connection,
      """
      SELECT count(*) FROM main.sqlite_schema WHERE type = 'view' AND name = 'evidence' COLLATE NOCASE
      """)
    guard try isView.integer() != 0 else { return }
    let views = try Statement(
      connection, "SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'")
    let names = try views.texts(at: 0).map { $0.lowercased() }
    let definitions = try views.texts(at: 1).map(words)
    let copies = copies(of: "evidence", Dictionary(zip(names, definitions)) { first, _ in first })
    guard copies <= limit else {
      throw connection.schemaError(
        "evidence is a view over too many other views: more than \(limit) when they are expanded")
    }
  }

  /// The number of definitions that a view expands to, at most one more than the limit.
  ///
  /// - Parameter views: the words of each definition, by the name of the view.
  static func copies(of name: String, _ views: [String: [String]]) -> Int {
    var known: [String: Int] = [:]
    func count(_ name: String) -> Int {
      if let count = known[name] { return count }
      guard let words = views[name] else { return 0 }
      // SQLite refuses views that refer to themselves.
      known[name] = 0
      var sum = 1
      for word in words where word != name && sum <= limit { sum += count(word) }
      known[name] = min(sum, limit + 1)
      return min(sum, limit + 1)
    }
    return count(name)
  }

  /// The words of a definition in lower case, and whatever stands in quotes or brackets.
  private static func words(_ sql: String) -> [String] {
    var words: [String] = []
    var word: [UInt8] = []
    var end: UInt8?
    func finish() {
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self).lowercased()) }
      word = []
    }
    for byte in sql.utf8 {
      if let quote = end {
        if byte == quote { (end, _) = (nil, finish()) } else { word.append(byte) }
      } else if let quote = closingQuote(byte) {
        finish()
        end = quote
      } else if isPartOfWord(byte) {
        word.append(byte)
      } else {
        finish()
      }
    }
    finish()
    return words
  }

  private static func closingQuote(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): byte
    case UInt8(ascii: "["): UInt8(ascii: "]")
    default: nil
    }
  }

  private static func isPartOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...:
      true
    default: false
    }
  }
}
