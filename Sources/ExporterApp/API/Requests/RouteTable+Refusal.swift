import HTTPTypes
import Hummingbird

extension RouteTable {
  /// The answer to a request that does not reach its route: problem details under `/api`, else a
  /// line of text.
  ///
  /// - Parameter sentence: the problem, without a full stop.
  func refusal(
    of request: Request, _ status: HTTPResponse.Status, _ sentence: String,
    headers: HTTPFields = [:]
  ) -> Response {
    guard isOfAPI(request.uri.path) else {
      return .text(status, "\(status.code): \(sentence)\n", headers: headers)
    }
    return APIProblem(status: status, detail: sentence, headers: headers).response
  }

  private func isOfAPI(_ path: String) -> Bool {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    let own = (prefix + "/api").utf8.split(separator: UInt8(ascii: "/"))
    return parts.count >= own.count && zip(parts, own).allSatisfy { $0.elementsEqual($1) }
  }
}
