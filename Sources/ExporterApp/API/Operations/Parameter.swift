import ReflexiveCore

/// A parameter of an operation, as the OpenAPI document describes it.
struct Parameter: Sendable {
  enum Place: String, Sendable {
    case query, path, header
  }

  var name: String
  var place = Place.query
  var description: String
  var schema: JSON
  var isRequired = false
  var example: JSON?

  /// The schema of a value that is not text. An empty one counts as absent, because HTML forms send
  /// it.
  private static func optional(_ schemas: JSON...) -> JSON {
    ["anyOf": .array(schemas + [["type": "string", "maxLength": 0]])]
  }

  private static func number(_ name: String, _ description: String) -> Parameter {
    Parameter(name: name, description: description, schema: optional(["type": "number"]))
  }

  private static func text(
    _ name: String, _ description: String, example: JSON? = nil
  ) -> Parameter {
    Parameter(name: name, description: description, schema: ["type": "string"], example: example)
  }

  static func choice(_ name: String, _ values: [String], _ description: String) -> Parameter {
    Parameter(
      name: name, description: description,
      schema: ["type": "string", "enum": .array((values + [""]).map { .text($0) })])
  }

  static func id(_ name: String, _ description: String) -> Parameter {
    Parameter(name: name, description: description, schema: optional(idSchema))
  }

  static let idSchema: JSON = ["type": "integer", "format": "int64"]

  static let limit = Parameter(
    name: "limit",
    description: "The most rows of a page; 50 by default. It is refused with `ndjson` and `csv`.",
    schema: optional(["type": "integer", "minimum": 1, "maximum": 1000]))

  /// - Parameter isRequired: whether there are several stores, of which one has to be chosen.
  static func store(isRequired: Bool, _ description: String) -> Parameter {
    Parameter(
      name: "store", description: description,
      schema: isRequired ? ["type": "string", "minLength": 1] : ["type": "string"],
      isRequired: isRequired)
  }

  /// The parameters of ``EvidenceParameters/filterNames``.
  static var filters: [Parameter] {
    [
      text("event", "Rows whose event is this."),
      text("agent", "Executions of this agent, equal by bytes.", example: "Planner"),
      text("gate", "Evaluations of this gate, equal by bytes."),
      text("subject", "Rows with a usable `rmm_score` of this subject, equal by bytes."),
    ] + ranges + [
      Parameter(
        name: "since",
        description: "Rows with an evidence time after this: RFC 3339, Unix seconds, or a duration "
          + "before `until` or now (one number and one of s m h d w).",
        schema: optional(rfc3339, seconds, ["type": "string", "pattern": "^[0-9]{1,15}[smhdw]$"]),
        example: "24h"),
      Parameter(
        name: "until",
        description: "Rows with an evidence time up to this: RFC 3339 or Unix seconds.",
        schema: optional(rfc3339, seconds)),
      choice(
        "rejected", ["any"] + Rejection.allCases.map(\.rawValue),
        "Rows that are rejected for any reason, or for this one."),
    ]
  }

  private static var ranges: [Parameter] {
    [("score", "score"), ("consistency", "consistency"), ("rmm", "`rmm_score`")].flatMap {
      (name, words) in
      [
        number(name + "_min", "Rows whose \(words) is at least this."),
        number(name + "_max", "Rows whose \(words) is at most this."),
      ]
    }
  }

  private static let rfc3339: JSON = ["type": "string", "format": "date-time"]
  private static let seconds: JSON = [
    "type": "string", "pattern": "^-?[0-9]{1,15}(\\.[0-9]{1,9})?$",
  ]
}
