import HTTPTypes
import Hummingbird

/// The description of `POST /api/v1/evidence` in the OpenAPI document.
enum PushDescription {
  /// The statuses of its answers.
  static let statuses: [HTTPResponse.Status] = [
    .created, .badRequest, .unauthorized, .notFound, .contentTooLarge, .unsupportedMediaType,
    .unprocessableContent, .tooManyRequests, .serviceUnavailable,
  ]

  static var operation: JSON {
    .object([
      JSON.Member("operationId", "pushEvidence"),
      JSON.Member("summary", "Write evidence"),
      JSON.Member(
        "description",
        .text(
          "Appends payloads to a store that says `receive: true`: all of them or none. The answer comes "
            + "after the commit is on the disk. The same body with times, or with the same "
            + "`Idempotency-Key`, is written once within 24 hours.")),
      JSON.Member("parameters", .array([store, key, coding])),
      JSON.Member("requestBody", body),
      JSON.Member(
        "responses", .object(statuses.map { JSON.Member(String($0.code), response($0)) })),
    ])
  }

  private static let store: JSON = [
    "name": "store", "in": "query",
    "description":
      "The name of a store that receives. It may be left out while one store receives.",
    "required": false, "schema": ["type": "string"],
  ]

  private static let key: JSON = [
    "name": "Idempotency-Key", "in": "header",
    "description": "Identifies a push, per store, so that a repeated one is written once.",
    "required": false,
    "schema": ["type": "string", "minLength": 1, "maxLength": 255],
  ]

  private static let coding: JSON = [
    "name": "Content-Encoding", "in": "header", "description": "How the body is compressed.",
    "required": false, "schema": ["type": "string", "enum": ["identity", "gzip"]],
  ]

  private static let body: JSON = [
    "required": true,
    "content": [
      "application/json": ["schema": ["$ref": "#/components/schemas/Payload"]],
      "application/x-ndjson": ["schema": ["type": "string"]],
    ],
  ]

  private static func response(_ status: HTTPResponse.Status) -> JSON {
    var members = [JSON.Member("description", .text(description(of: status)))]
    switch status {
    case .created:
      members.append(headers(["Idempotent-Replayed"]))
      members.append(content("application/json", "Written"))
    case .unauthorized: members.append(headers(["WWW-Authenticate"]))
    case .tooManyRequests, .serviceUnavailable: members.append(headers(["Retry-After"]))
    case .unsupportedMediaType: members.append(headers(["Accept-Encoding"]))
    default: break
    }
    if status != .created {
      let schema = status == .unprocessableContent ? "RefusedPayloads" : "Problem"
      members.append(content(APIProblem.contentType, schema))
    }
    return .object(members)
  }

  private static func content(_ type: String, _ schema: String) -> JSON.Member {
    JSON.Member(
      "content",
      .object([
        JSON.Member(type, ["schema": ["$ref": .text("#/components/schemas/\(schema)")]])
      ]))
  }

  private static func headers(_ names: [String]) -> JSON.Member {
    JSON.Member(
      "headers", .object(names.map { JSON.Member($0, ["schema": ["type": "string"]]) }))
  }

  private static func description(of status: HTTPResponse.Status) -> String {
    switch status {
    case .created: "The payloads are written, now or by the same push before."
    case .badRequest:
      "There is no payload, the gzip is broken, or a parameter or the key is not allowed."
    case .unauthorized: "The exporter has users, and the request names none of them."
    case .notFound: "No store receives, or not this one."
    case .contentTooLarge: "The body is larger than `receiver.max_bytes`."
    case .unsupportedMediaType: "Another type, charset or coding."
    case .unprocessableContent:
      "Payloads can't be used, and the first 20 are named; or the key belongs to another body."
    case .tooManyRequests:
      "Too much waits to be written, the request is over the rate limit, or too many passwords are "
        + "checked."
    case .serviceUnavailable:
      "The database is locked, missing, full or read-only, or its table refuses a row."
    default: status.reasonPhrase
    }
  }
}

extension SchemaLibrary {
  static var pushes: [JSON.Member] {
    [
      JSON.Member(
        "Payload",
        [
          "type": "object",
          "properties": ["event": ["type": "string", "minLength": 1]],
          "required": ["event"],
        ]),
      JSON.Member(
        "Written",
        object([
          JSON.Member("ids", list(id)), JSON.Member("rows", count),
        ])),
      JSON.Member("RefusedPayloads", object(refusedPayloads)),
    ]
  }

  private static var refusedPayloads: [JSON.Member] {
    problem.dropLast() + [
      JSON.Member(
        "errors",
        list([
          "type": "object",
          "properties": .object([
            JSON.Member("line", ["type": "integer", "minimum": 1]), JSON.Member("pointer", text),
            JSON.Member("reason", choice(PushReason.allCases.map(\.rawValue))),
            JSON.Member("field", optional("string")),
          ]),
          "required": ["reason", "field"], "additionalProperties": false,
        ]))
    ]
  }
}
