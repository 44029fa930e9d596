import ConfigurationFiles
import EvidenceStore
import HTTPTypes
import Hummingbird
import NIOCore
import ReflexiveCore

/// `POST /api/v1/evidence`.
struct EvidencePushRoute: Sendable {
  static let path = "/api/v1/evidence"
  static let mediaTypes = ["application/json", "application/x-ndjson"]

  let receiver: Receiver

  var routes: [Route] {
    [
      Route(
        path: RouterPath(Self.path), methods: [.post],
        respond: { request, context in await respond(to: request, context) }, takesBody: true)
    ]
  }

  private func respond(to request: Request, _ context: ClientContext) async -> Response {
    let push = PushRequest(request: request, context: context, receiver: receiver)
    do throws(APIProblem) {
      return try await take(push)
    } catch {
      receiver.note(error, of: .evidence, for: (try? push.store())?.name)
      return error.response
    }
  }

  private func take(_ request: PushRequest) async throws(APIProblem) -> Response {
    let store = try request.store()
    let type = try request.mediaType(of: Self.mediaTypes)
    let content: Push.Content =
      type.utf8.elementsEqual(Self.mediaTypes[0].utf8) ? .object : .lines
    let outcome = try await request.push(to: store) { body, isCompressed, key in
      Push(content: content, body: body, isCompressed: isCompressed, key: key)
    }
    guard case .accepted(let receipt, let isReplayed) = outcome else {
      throw request.problem(of: outcome, isOneObject: content == .object)
    }
    return Self.accepted(receipt, isReplayed)
  }

  private static func accepted(_ receipt: ReceivedReceipt, _ isReplayed: Bool) -> Response {
    let ids: [JSON] = receipt.ids.map { [.integer($0.lowerBound), .integer($0.upperBound)] } ?? []
    let content: JSON = ["ids": .array(ids), "rows": .integer(receipt.rows)]
    var headers: HTTPFields = [.contentType: "application/json"]
    if isReplayed, let name = HTTPField.Name("Idempotent-Replayed") { headers[name] = "true" }
    return Response(
      status: .created, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: content.bytes)))
  }
}
