/// A value of a configuration file with its place, which its errors name.
package struct ConfigurationValue {
  let node: YAMLNode
  /// `stores[0].objectives`; empty for the whole file.
  let key: String
  let file: String

  init(node: YAMLNode, key: String, file: String) {
    self.node = node
    self.key = key
    self.file = file
  }

  /// The error that this value is not one of those `expected`.
  ///
  /// - Parameters:
  ///   - value: the text to show; by default the whole value, cut if it is long.
  ///   - place: the place to name; by default that of the value.
  func refused(
    _ value: String? = nil, because reason: String? = nil, expected: String,
    at place: SourceLocation? = nil
  ) -> ConfigurationError {
    ConfigurationError(
      file: file, place: place ?? node.place, key: key, value: value ?? shown, because: reason,
      expected: expected)
  }

  /// Parses the text of a scalar.
  ///
  /// - Throws: if `parse` returns `nil`, or the value is not a scalar.
  func scalar<Value>(
    expected: String, _ parse: (String) -> Value?
  ) throws(ConfigurationError) -> Value {
    guard case .scalar(let text, _) = node.content, let value = parse(text) else {
      throw refused(expected: expected)
    }
    return value
  }

  /// The items of a list.
  func items(expected: String) throws(ConfigurationError) -> [ConfigurationValue] {
    guard case .sequence(let nodes) = node.content else { throw refused(expected: expected) }
    return nodes.enumerated().map { index, node in
      ConfigurationValue(node: node, key: "\(key)[\(index)]", file: file)
    }
  }

  /// The entries of a mapping whose keys the user chooses, without entries that have no value.
  func entries(
    expected: String
  ) throws(ConfigurationError) -> [(name: String, place: SourceLocation, value: ConfigurationValue)]
  {
    guard case .mapping(let entries) = node.content else { throw refused(expected: expected) }
    return entries.filter { !$0.value.isNull }.map { entry in
      (entry.key, entry.place, child(entry.key, entry.value))
    }
  }

  /// A mapping with the keys of `Key` and no others.
  func section<Key: ConfigurationKey>(
    _: Key.Type
  ) throws(ConfigurationError) -> ConfigurationSection<Key> {
    let known = Key.allCases.map(\.rawValue)
    guard case .mapping(let entries) = node.content else {
      throw refused(expected: "a mapping with the keys \(known.joined(separator: ", "))")
    }
    var values: [Key: ConfigurationValue] = [:]
    for entry in entries {
      guard let key = Key(rawValue: entry.key) else {
        let hint = nearestWord(to: entry.key, among: known).map { "; did you mean \($0)?" } ?? ""
        throw child(entry.key, entry.value).refused(
          "the key \(quoted(entry.key))",
          expected: "one of \(known.joined(separator: ", "))\(hint)", at: entry.place)
      }
      if !entry.value.isNull { values[key] = child(entry.key, entry.value) }
    }
    return ConfigurationSection(value: self, values: values)
  }

  private func child(_ name: String, _ node: YAMLNode) -> ConfigurationValue {
    let isWord = (1...80).contains(name.utf8.count) && name.utf8.allSatisfy(Self.isWordByte)
    let step = isWord ? (key.isEmpty ? name : ".\(name)") : "[\(quoted(name))]"
    return ConfigurationValue(node: node, key: key + step, file: file)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  private var shown: String {
    if case .scalar(let text, _) = node.content, !node.isNull { return quoted(text) }
    return kind
  }

  /// The kind of the value, for messages that must not show it.
  package var kind: String {
    switch node.content {
    case .scalar where node.isNull: "nothing"
    case .scalar: "this text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

typealias ConfigurationKey = CaseIterable & Hashable & RawRepresentable<String>

/// The values of a mapping with known keys.
struct ConfigurationSection<Key: ConfigurationKey> {
  let value: ConfigurationValue
  private let values: [Key: ConfigurationValue]

  init(value: ConfigurationValue, values: [Key: ConfigurationValue]) {
    self.value = value
    self.values = values
  }

  /// `nil` for a key that is absent or has no value.
  subscript(key: Key) -> ConfigurationValue? { values[key] }
}
