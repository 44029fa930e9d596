import HTTPTypes
import Hummingbird
package import Logging
package import NIOCore
package import ServiceLifecycle
import Synchronization

/// A mock of the QSR service: answers `POST /api/qsr` by a scenario, and takes another one by
/// `POST /-/scenario?name=NAME`.
package struct MockQSR: Sendable {
  /// The default address.
  package static let address = ListenAddress(loopbackPort: 9010)

  /// - Parameter onListening: called once the address is bound.
  package static func service(
    _ scenario: QSRScenario, seed: UInt64, address: ListenAddress, logger: Logger,
    onListening: @escaping @Sendable (SocketAddress) -> Void
  ) -> any Service {
    Application(
      responder: MockQSRResponder(scenario, seed: seed, logger: logger),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port), serverName: "mock-qsr"),
      onServerRunning: { channel in if let bound = channel.localAddress { onListening(bound) } },
      logger: logger.quietedForHTTP())
  }
}

/// The routes of the mock.
final class MockQSRResponder: HTTPResponder {
  typealias Context = BasicRequestContext

  private let seed: UInt64
  private let logger: Logger
  private let answers: Mutex<QSRAnswers>

  init(_ scenario: QSRScenario, seed: UInt64, logger: Logger) {
    self.seed = seed
    self.logger = logger
    answers = Mutex(QSRAnswers(scenario, seed: seed))
  }

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let isKnown = ["/api/qsr", "/-/scenario"].contains(request.uri.path)
    guard isKnown else { return .text(.notFound, "404: POST /api/qsr is here\n") }
    guard request.method == .post else {
      return .text(.methodNotAllowed, "405: only POST\n", headers: [.allow: "POST"])
    }
    return request.uri.path == "/api/qsr" ? try await answer() : change(request)
  }

  private func answer() async throws -> Response {
    let answer = answers.withLock { $0.next() }
    if answer.delay > .zero { try await Task.sleep(for: answer.delay) }
    var headers: HTTPFields = [.contentType: "application/json"]
    headers[.retryAfter] = answer.retryAfter.map(String.init)
    return Response(
      status: .init(code: answer.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(string: answer.body)))
  }

  private func change(_ request: Request) -> Response {
    let names = request.uri.queryParameters.getAll("name")
    guard names.count == 1, let scenario = QSRScenario(rawValue: names[0]) else {
      let known = QSRScenario.allCases.map(\.rawValue).joined(separator: ", ")
      return .text(.badRequest, "400: give one name of \(known)\n")
    }
    answers.withLock { $0 = QSRAnswers(scenario, seed: seed) }
    logger.notice("scenario", metadata: ["name": "\(scenario)"])
    return .text(.ok, "\(scenario)\n")
  }
}
