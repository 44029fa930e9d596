import ReflexiveCore

/// A JSON value to write. An object keeps the order of its members.
enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([Member])

  struct Member: Hashable, Sendable {
    var name: String
    var value: JSON

    init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  static func integer(_ value: Int) -> JSON { .integer(Int64(value)) }

  /// The number, or `null` without one.
  static func number(ifKnown value: Double?) -> JSON { value.map { .number($0) } ?? .null }
  static func integer(ifKnown value: Int?) -> JSON { value.map { .integer($0) } ?? .null }
  static func integer(ifKnown value: Int64?) -> JSON { value.map { .integer($0) } ?? .null }
  static func text(ifKnown value: String?) -> JSON { value.map { .text($0) } ?? .null }
  static func text(ifKnown value: LabelValue?) -> JSON { value.map { .text($0.text) } ?? .null }

  /// Numbers by name, in the given order.
  static func counts<Name>(_ names: [Name], _ count: (Name) -> Int) -> JSON
  where Name: RawRepresentable<String> {
    .object(names.map { Member($0.rawValue, .integer(count($0))) })
  }
}

extension [JSON.Member] {
  /// A time as two members: `NAME_time` and `NAME_ms`.
  static func time(_ name: String, _ time: UnixTime?) -> [JSON.Member] {
    let calendar = time?.calendar
    return [
      JSON.Member(name + "_time", .text(ifKnown: calendar?.text)),
      JSON.Member(name + "_ms", .integer(ifKnown: calendar?.milliseconds)),
    ]
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByNilLiteral
{
  init(stringLiteral text: String) { self = .text(text) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(integerLiteral value: Int64) { self = .integer(value) }
  init(nilLiteral: ()) { self = .null }

  init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
}
