import Following
import ConfigurationFiles
import EvidenceStore
import HTTPTypes
import Hummingbird
import ReflexiveCore

/// `POST /v1/logs`: evaluations by the OpenTelemetry protocol.
struct LogsPushRoute: Sendable {
  static let path = "/v1/logs"

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
    // The answer to a request of another type is in JSON.
    var answer = LogsAnswer(encoding: .json)
    do throws(APIProblem) {
      let type = try? push.mediaType(of: LogsAnswer.Encoding.allCases.map(\.rawValue))
      if let encoding = type.flatMap({ LogsAnswer.Encoding(rawValue: $0) }) {
        answer = LogsAnswer(encoding: encoding)
      }
      return try await take(push, answer)
    } catch {
      receiver.note(error, of: .otlp, for: (try? push.store())?.name)
      return answer.refused(error)
    }
  }

  private func take(
    _ request: PushRequest, _ answer: LogsAnswer
  ) async throws(APIProblem) -> Response {
    let store = try request.store()
    _ = try request.mediaType(of: LogsAnswer.Encoding.allCases.map(\.rawValue))
    let outcome = try await request.push(to: store) { body, isCompressed, key in
      Push(content: .logs(answer.encoding), body: body, isCompressed: isCompressed, key: key)
    }
    guard case .accepted(let receipt, let isReplayed) = outcome else {
      throw request.problem(of: outcome, isOneObject: true)
    }
    if let remark = receipt.remark, !isReplayed {
      receiver.refusals.add(
        Refusal(
          time: receiver.time.wall(), store: store.name, kind: .otlp, status: 200,
          reason: remark.message))
    }
    return answer.accepted(receipt.remark, isReplayed: isReplayed)
  }
}
