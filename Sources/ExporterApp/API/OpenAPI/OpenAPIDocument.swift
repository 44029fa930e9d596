import HTTPTypes

/// The OpenAPI 3.1 document of the API, made from its operations.
struct OpenAPIDocument: Sendable {
  private let operations: [Operation]
  private let linkPrefix: String

  init(_ routes: APIRoutes) {
    operations = routes.operations
    linkPrefix = routes.address.linkPrefix
  }

  var members: [JSON.Member] {
    let servers =
      linkPrefix.isEmpty
      ? [] : [JSON.Member("servers", [["url": .text(linkPrefix)]])]
    return [
      JSON.Member("openapi", "3.1.0"),
      JSON.Member(
        "info",
        [
          "title": "Reflexive exporter", "version": "1",
          "summary": "The evidence that AI agents log, as numbers, verdicts and rows",
          "description": .text(Self.description),
          "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
        ]),
    ] + servers + [
      JSON.Member("paths", .object(operations.map { JSON.Member($0.path, path($0)) })),
      JSON.Member(
        "components",
        [
          "schemas": .object(SchemaLibrary.schemas),
          "securitySchemes": ["basic": ["type": "http", "scheme": "basic"]],
        ]),
      // A user is needed only if the web configuration has users.
      JSON.Member("security", [[:], ["basic": []]]),
    ]
  }

  private static let description = """
    Every path answers HEAD as GET, without the body. Times are RFC 3339 in UTC with six digits (`…_time`) \
    and whole milliseconds since 1970 (`…_ms`), both null where RFC 3339 cannot write them. What is not \
    known is null. A parameter without a value counts as absent. A parameter that is unknown, repeated or \
    not allowed is refused with 400, and other methods with 405.
    """

  private func path(_ operation: Operation) -> JSON {
    let push =
      operation.path.utf8.elementsEqual(EvidencePushRoute.path.utf8)
      ? [JSON.Member("post", PushDescription.operation)] : []
    return .object([JSON.Member("get", get(operation))] + push)
  }

  private func get(_ operation: Operation) -> JSON {
    var members = [
      JSON.Member("operationId", .text(operation.name)),
      JSON.Member("summary", .text(operation.summary)),
    ]
    if let description = operation.description {
      members.append(JSON.Member("description", .text(description)))
    }
    let parameters = operation.parameters + (operation.hasTag ? [.ifNoneMatch] : [])
    members.append(JSON.Member("parameters", .array(parameters.map(\.json))))
    let responses = operation.allStatuses.map { status in
      JSON.Member(String(status.code), response(status, operation))
    }
    members.append(JSON.Member("responses", .object(responses)))
    return .object(members)
  }

  private func response(_ status: HTTPResponse.Status, _ operation: Operation) -> JSON {
    var members = [JSON.Member("description", .text(Self.description(of: status)))]
    switch status {
    case .ok:
      if operation.hasTag { members.append(Self.headers(["ETag"])) }
      members.append(Self.content(operation.contents))
    case .notModified: members.append(Self.headers(["ETag"]))
    default:
      if status == .unauthorized { members.append(Self.headers(["WWW-Authenticate"])) }
      if status == .serviceUnavailable { members.append(Self.headers(["Retry-After"])) }
      var problem = Operation.Content.json("Problem")
      problem.mediaType = APIProblem.contentType
      members.append(Self.content([problem]))
    }
    return .object(members)
  }

  private static func content(_ contents: [Operation.Content]) -> JSON.Member {
    JSON.Member(
      "content", .object(contents.map { JSON.Member($0.mediaType, ["schema": $0.schema]) }))
  }

  private static func headers(_ names: [String]) -> JSON.Member {
    JSON.Member(
      "headers", .object(names.map { JSON.Member($0, ["schema": ["type": "string"]]) }))
  }

  private static func description(of status: HTTPResponse.Status) -> String {
    switch status {
    case .ok: "The answer."
    case .notModified: "The content still has the tag in `If-None-Match`."
    case .badRequest: "A parameter is not allowed; `errors` names it and what is allowed."
    case .unauthorized: "The exporter has users, and the request names none of them."
    case .notFound: "There is no such store or row."
    case .gone: "The row is gone, although an id at least as high was read."
    case .tooManyRequests: "The request is over the rate limit, or too many passwords are checked."
    case .serviceUnavailable: "There is no answer now; try again after `Retry-After` seconds."
    default: status.reasonPhrase
    }
  }
}

extension Parameter {
  fileprivate static let ifNoneMatch = Parameter(
    name: "If-None-Match", place: .header,
    description: "The tags of answers that the client has. An unchanged one is answered with 304.",
    schema: ["type": "string"])

  fileprivate var json: JSON {
    let members = [
      JSON.Member("name", .text(name)), JSON.Member("in", .text(place.rawValue)),
      JSON.Member("description", .text(description)), JSON.Member("required", .bool(isRequired)),
      JSON.Member("schema", schema),
    ]
    return .object(members + (example.map { [JSON.Member("example", $0)] } ?? []))
  }
}
