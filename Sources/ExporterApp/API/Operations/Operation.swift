import HTTPTypes
import Hummingbird
import ReflexiveCore

/// One path of the API: what it takes, what it answers, and how. The OpenAPI document is made from these,
/// and a route takes no parameter that is not one of them.
struct Operation: Sendable {
  typealias Answer = @Sendable (APIRequest) async throws(APIProblem) -> APIAnswer

  /// As in the router and in OpenAPI: `/api/v1/evidence/{id}`.
  let path: String
  /// The `operationId`.
  let name: String
  let summary: String
  var description: String?
  let parameters: [Parameter]
  /// What a 200 holds.
  let contents: [Content]
  /// Statuses beside those that every operation has.
  var statuses: [HTTPResponse.Status] = []
  /// Whether an answer has an entity tag.
  var hasTag = true
  let answer: Answer

  /// A body of one media type.
  struct Content: Sendable {
    var mediaType: String
    var schema: JSON

    /// JSON with one of the schemas of the document.
    static func json(_ schema: String) -> Content {
      Content(
        mediaType: "application/json",
        schema: ["$ref": .text("#/components/schemas/\(schema)")])
    }
  }

  /// The names of the parameters of the query.
  var queryNames: Set<String> { Set(parameters.filter { $0.place == .query }.map(\.name)) }

  /// Every status that it answers with, in their order.
  var allStatuses: [HTTPResponse.Status] {
    let common: [HTTPResponse.Status] = [.ok, .badRequest, .unauthorized, .tooManyRequests]
    let all = common + (hasTag ? [.notModified] : []) + statuses
    return all.sorted { $0.code < $1.code }
  }
}

/// What an operation answers with.
enum APIAnswer: Sendable {
  /// An object, and the moment that it is of, where it says so.
  case content([JSON.Member], time: UnixTime?)
  case stream(Response)

  static func content(_ members: [JSON.Member]) -> APIAnswer { .content(members, time: nil) }
}
