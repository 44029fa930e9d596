import HTTPTypes
import Hummingbird

/// Why a request has no other answer, as problem details (RFC 9457).
struct APIProblem: Error, Sendable {
  /// One thing that is wrong with the request.
  struct Flaw: Hashable, Sendable {
    /// `/NAME` of a parameter, as a JSON pointer (RFC 6901).
    var pointer: String
    /// What is allowed.
    var reason: String

    init(parameter: String, reason: String) {
      var escaped = String.UnicodeScalarView()
      for scalar in parameter.unicodeScalars {
        switch scalar {
        case "~": escaped.append(contentsOf: "~0".unicodeScalars)
        case "/": escaped.append(contentsOf: "~1".unicodeScalars)
        default: escaped.append(scalar)
        }
      }
      pointer = "/" + String(escaped)
      self.reason = reason
    }
  }

  static let contentType = "application/problem+json"

  var status: HTTPResponse.Status
  var detail: String
  var flaws: [Flaw] = []
  var headers: HTTPFields = [:]

  /// A parameter that is not allowed.
  static func bad(_ problem: QueryParameters.Problem) -> APIProblem {
    APIProblem(
      status: .badRequest, detail: problem.sentence,
      flaws: [Flaw(parameter: problem.parameter, reason: problem.reason)])
  }

  /// There is no answer now, and may be one soon.
  static func unavailable(_ detail: String) -> APIProblem {
    APIProblem(status: .serviceUnavailable, detail: detail, headers: [.retryAfter: "1"])
  }

  /// A problem says no more than its status, so it has no type of its own.
  var json: JSON {
    [
      "type": "about:blank", "title": .text(status.reasonPhrase),
      "status": .integer(status.code), "detail": .text(detail),
      "errors": .array(
        flaws.map { ["pointer": .text($0.pointer), "reason": .text($0.reason)] }),
    ]
  }

  var response: Response {
    var headers = headers
    headers[.contentType] = Self.contentType
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }
}
