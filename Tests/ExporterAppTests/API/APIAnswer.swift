import Foundation
import HTTPTypes
import Testing

@testable import ExporterApp

/// JSON as a test looks at it.
@dynamicMemberLookup
indirect enum Parsed: Decodable, Hashable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case text(String)
  case list([Parsed])
  case object([String: Parsed])

  init(_ text: String) throws {
    self = try JSONDecoder().decode(Parsed.self, from: Data(text.utf8))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .int(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([Parsed].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: Parsed].self))
    }
  }

  subscript(dynamicMember name: String) -> Parsed { self[name] }

  subscript(name: String) -> Parsed {
    if case .object(let members) = self { members[name] ?? .null } else { .null }
  }

  subscript(index: Int) -> Parsed { index < list.count ? list[index] : .null }

  var isNull: Bool { if case .null = self { true } else { false } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var int: Int? { if case .int(let value) = self { value } else { nil } }
  var text: String? { if case .text(let value) = self { value } else { nil } }
  var list: [Parsed] { if case .list(let value) = self { value } else { [] } }

  var number: Double? {
    if case .number(let value) = self { value } else { int.map(Double.init) }
  }

  var names: Set<String> {
    if case .object(let members) = self { Set(members.keys) } else { [] }
  }
}

extension RoutedExporter {
  /// Asks the API for JSON. The status has to be one of the document.
  func api(
    _ path: String, _ method: HTTPRequest.Method = .get, headers: HTTPFields = [:]
  ) async throws -> (status: Int, json: Parsed, headers: HTTPFields) {
    let answer = try await ask("/api/v1" + path, method, headers: headers)
    return (answer.status, try Parsed(answer.body), answer.headers)
  }

  /// An exporter of the rows of ``PageEvidence``.
  static func reading(
    _ rows: [String] = PageEvidence.rows(), keepsState: Bool = true, web: String? = nil,
    address: WebAddress = .root
  ) throws -> RoutedExporter {
    let exporter = try RoutedExporter(web: web, address: address, keepsState: keepsState)
    try PageEvidence.write(rows, to: exporter.paths[0])
    exporter.readStores()
    return exporter
  }
}
