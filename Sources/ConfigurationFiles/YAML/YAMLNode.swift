/// One node of a YAML document. Nodes are untyped: the key of a scalar decides what it means, so an
/// agent may be called `no` or `1e3`.
struct YAMLNode: Equatable, Sendable {
  enum Content: Equatable, Sendable {
    /// `isPlain` is false for quoted text and for block scalars.
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    /// In the order of the file, without duplicate keys.
    case mapping([YAMLEntry])
  }

  var content: Content
  var place: SourceLocation

  /// A key without a value, `~` or `null` (YAML 1.2.2, section 10.2.1.1); `"null"` is a text.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }
}

/// A key of a mapping and its value.
struct YAMLEntry: Equatable, Sendable {
  var key: String
  var place: SourceLocation
  var value: YAMLNode
}

/// A place in a file, as editors count: both numbers from 1, columns in Unicode scalars.
struct SourceLocation: Equatable, Sendable {
  var line: Int
  var column: Int

  static let start = SourceLocation(line: 1, column: 1)
}

/// The reason why a text cannot be used as a YAML document.
struct YAMLError: Error, Equatable {
  var place: SourceLocation
  var problem: String
}
