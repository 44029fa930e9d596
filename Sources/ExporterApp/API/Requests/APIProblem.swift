import HTTPTypes
import Hummingbird

/// The reason why a request has no other answer, as problem details (RFC 9457).
struct APIProblem: Error, Sendable {
  /// One fault of the request.
  struct Flaw: Hashable, Sendable {
    enum Place: Hashable, Sendable {
      /// `/NAME` of a parameter, or the path of a field, as a JSON pointer (RFC 6901).
      case pointer(String)
      /// The number of a line of the body, from 1.
      case line(Int)
    }

    var place: Place
    /// What is allowed, or the name of the reason.
    var reason: String
    /// The field at fault in a payload, or `nil` for all of it; absent for other problems.
    var field: String??

    init(place: Place, reason: String, field: String?) {
      self.place = place
      self.reason = reason
      self.field = .some(field)
    }

    init(parameter: String, reason: String) {
      var escaped = String.UnicodeScalarView()
      for scalar in parameter.unicodeScalars.prefix(Self.longestPointer) {
        switch scalar {
        case "~": escaped.append(contentsOf: "~0".unicodeScalars)
        case "/": escaped.append(contentsOf: "~1".unicodeScalars)
        default: escaped.append(scalar)
        }
      }
      let isLong = parameter.unicodeScalars.count > Self.longestPointer
      place = .pointer("/" + String(escaped) + (isLong ? "…" : ""))
      self.reason = reason
    }

    /// Characters of a parameter's name that are repeated: every parameter that is allowed is shorter.
    private static let longestPointer = 80
  }

  static let contentType = "application/problem+json"

  var status: HTTPResponse.Status
  var detail: String
  var flaws: [Flaw] = []
  var headers: HTTPFields = [:]

  /// The problem with a parameter that is not allowed.
  static func bad(_ problem: QueryParameters.Problem) -> APIProblem {
    APIProblem(
      status: .badRequest, detail: problem.sentence,
      flaws: [Flaw(parameter: problem.parameter, reason: problem.reason)])
  }

  /// The problem of an answer that may be there soon.
  static func unavailable(_ detail: String) -> APIProblem {
    APIProblem(status: .serviceUnavailable, detail: detail, headers: [.retryAfter: "1"])
  }

  /// The type is blank, because a problem says no more than its status.
  var json: JSON {
    [
      "type": "about:blank", "title": .text(status.reasonPhrase),
      "status": .integer(status.code), "detail": .text(detail),
      "errors": .array(flaws.map(\.json)),
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

extension APIProblem.Flaw {
  fileprivate var json: JSON {
    let place =
      switch self.place {
      case .pointer(let text): JSON.Member("pointer", .text(text))
      case .line(let number): JSON.Member("line", .integer(number))
      }
    let field = self.field.map { [JSON.Member("field", .text(ifKnown: $0))] } ?? []
    return .object([place, JSON.Member("reason", .text(reason))] + field)
  }
}
