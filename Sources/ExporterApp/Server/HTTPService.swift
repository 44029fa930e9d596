import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// One address that is listened on.
///
/// Hummingbird's own `Application` does the same, but wakes the process each second to write the date
/// for the answers. Here the date is written when an answer needs it.
struct HTTPService<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
  /// The request broke off while its answer was being written.
  private struct BrokenRequest: Error {}

  let responder: Responder
  let server: HTTPServerBuilder
  let configuration: ServerConfiguration
  let date: HTTPDate
  let onListening: @Sendable (any Channel) -> Void
  let logger: Logger

  func run() async throws {
    let service = try server.buildServer(
      configuration: configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: logger,
      responder: { request, writer, channel in
        let response = try await respond(to: request, channel)
        do {
          try await writer.write(response: response.head, body: response.body)
        } catch is HTTPParserError {
          // As a parser's error it would be answered once more.
          throw BrokenRequest()
        }
      },
      onServerRunning: { channel in onListening(channel) })
    try await service.run()
  }

  private func respond(
    to request: Request, _ channel: any Channel
  ) async throws(HTTPParserError) -> Response {
    var logger = logger
    logger[metadataKey: "hb.request.id"] = .stringConvertible(RequestID())
    let context = Responder.Context(
      source: ApplicationRequestContextSource(channel: channel, logger: logger))
    var response: Response
    do {
      response = try await responder.respond(to: request, context: context)
    } catch let error as HTTPParserError {
      throw error
    } catch {
      logger.debug("no answer", metadata: ["error": "\(error)"])
      response = Response(status: .internalServerError)
    }
    response.headers[.date] = date.text
    return response
  }
}
