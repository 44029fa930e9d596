import EvidenceStore
import ReflexiveCore

/// The schemas of the OpenAPI document. Every object has exactly the members that it names.
enum SchemaLibrary {
  static var schemas: [JSON.Member] {
    [
      JSON.Member("Stores", timed("stores", [object(store)])),
      JSON.Member("Indicators", timed("stores", [object(indicators)])),
      JSON.Member("Agent", object(agent)), JSON.Member("Gate", object(gate)),
      JSON.Member("Subject", object(subject)), JSON.Member("Drop", object(drop)),
      JSON.Member("Verdicts", timed("verdicts", [reference("Verdict")])),
      JSON.Member("Verdict", object(verdict)), JSON.Member("EvidencePage", object(page)),
      JSON.Member("Evidence", object(row)),
      JSON.Member("StoredEvidence", object(row + [JSON.Member("payload", optional("string"))])),
      JSON.Member("Problem", object(problem)),
    ] + pushes
  }

  // MARK: - Parts of schemas

  static let text: JSON = ["type": "string"]
  static let number: JSON = ["type": "number"]
  static let count: JSON = ["type": "integer", "minimum": 0]
  static let id: JSON = ["type": "integer", "format": "int64"]

  static func optional(_ type: String) -> JSON { ["type": .array([.text(type), "null"])] }

  static func reference(_ name: String) -> JSON {
    ["$ref": .text("#/components/schemas/\(name)")]
  }

  static func choice(_ values: [String], orNull: Bool = false) -> JSON {
    .object([
      JSON.Member("type", orNull ? ["string", "null"] : "string"),
      JSON.Member("enum", .array(values.map { .text($0) } + (orNull ? [.null] : []))),
    ])
  }

  /// An object with any names.
  static func map(_ value: JSON) -> JSON { ["type": "object", "additionalProperties": value] }

  static func list(_ element: JSON) -> JSON { ["type": "array", "items": element] }

  static func time(_ name: String) -> [JSON.Member] {
    [
      JSON.Member(name + "_time", ["type": ["string", "null"], "format": "date-time"]),
      JSON.Member(name + "_ms", ["type": ["integer", "null"], "format": "int64"]),
    ]
  }

  static func object(_ members: [JSON.Member]) -> JSON {
    [
      "type": "object", "properties": .object(members),
      "required": .array(members.map { .text($0.name) }), "additionalProperties": false,
    ]
  }

  /// An answer of one moment, with a list.
  private static func timed(_ name: String, _ element: [JSON]) -> JSON {
    object(
      [JSON.Member("time", ["type": "string", "format": "date-time"])]
        + element.map { JSON.Member(name, list($0)) })
  }
}
