import HTTPTypes
import Hummingbird
import ReflexiveCore

/// One path of the API: its parameters, its contents and its answer. The OpenAPI document is made
/// from the operations, and a route takes only the parameters of its operation.
struct Operation: Sendable {
  typealias Answer = @Sendable (APIRequest) async throws(APIProblem) -> APIAnswer

  /// The path as in the router and in OpenAPI: `/api/v1/evidence/{id}`.
  let path: String
  /// The `operationId`.
  let name: String
  let summary: String
  var description: String?
  let parameters: [Parameter]
  /// The contents of a 200.
  let contents: [Content]
  /// The statuses besides those that every operation has.
  var statuses: [HTTPResponse.Status] = []
  /// Whether an answer has an entity tag.
  var hasTag = true
  let answer: Answer

  /// A body of one media type.
  struct Content: Sendable {
    var mediaType: String
    var schema: JSON

    /// JSON with a schema of the document.
    static func json(_ schema: String) -> Content {
      Content(
        mediaType: "application/json",
        schema: ["$ref": .text("#/components/schemas/\(schema)")])
    }
  }

  /// The names of the query parameters.
  var queryNames: Set<String> { Set(parameters.filter { $0.place == .query }.map(\.name)) }

  /// The statuses of all its answers, ascending.
  var allStatuses: [HTTPResponse.Status] {
    let common: [HTTPResponse.Status] = [.ok, .badRequest, .unauthorized, .tooManyRequests]
    let all = common + (hasTag ? [.notModified] : []) + statuses
    return all.sorted { $0.code < $1.code }
  }
}

/// The answer of an operation.
enum APIAnswer: Sendable {
  /// An object and, if the answer tells it, its moment.
  case content([JSON.Member], time: UnixTime?)
  case stream(Response)

  static func content(_ members: [JSON.Member]) -> APIAnswer { .content(members, time: nil) }
}
