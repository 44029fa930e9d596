import ConfigurationFiles
import Following
import HTTPTypes
import Hummingbird
import ReflexiveCore

/// The JSON API, `/api/v1/`.
struct APIRoutes: Sendable {
  let address: WebAddress
  let telemetryPath: String
  let build: BuildInfo
  let registry: StoreRegistry
  let configuration: ConfigurationService
  let queries: EvidenceQueries
  let time: TimeSource
  let feeds = EventFeeds()
  let eventSeats: StreamSeats
  /// The limit of exports, each of which holds some hundred kilobytes.
  let exportSeats = StreamSeats(limit: 32)

  var routes: [Route] { operations.map(route) }

  var operations: [Operation] {
    [stores, indicators, verdicts, evidence, evidenceRow, events, document]
  }

  private func route(_ operation: Operation) -> Route {
    .get(RouterPath(operation.path)) { request, context in
      do throws(APIProblem) {
        return response(
          to: request, try await operation.answer(try input(operation, request, context)),
          operation)
      } catch {
        return error.response
      }
    }
  }

  private func input(
    _ operation: Operation, _ request: Request, _ context: ClientContext
  ) throws(APIProblem) -> APIRequest {
    let parameters: QueryParameters
    do throws(QueryParameters.Problem) {
      parameters = try QueryParameters(request, allowed: operation.queryNames)
    } catch {
      throw .bad(error)
    }
    let id = context.parameters.get("id").flatMap { PercentEncoding.decode($0, plusIsSpace: false) }
    return APIRequest(
      parameters: parameters, id: id ?? "", headers: request.headers,
      now: time.wall(), configuration: configuration.current,
      followed: registry.stores, channel: context.channel)
  }

  /// The tag of an answer leaves out its time, so that the same content a second later has the same
  /// tag, although windows slide.
  private func response(
    to request: Request, _ answer: APIAnswer, _ operation: Operation
  ) -> Response {
    switch answer {
    case .stream(let response): response
    case .content(let members, let time): content(members, time, request, operation)
    }
  }

  private func content(
    _ members: [JSON.Member], _ time: UnixTime?, _ request: Request, _ operation: Operation
  ) -> Response {
    let content = JSON.object(members).bytes
    var headers: HTTPFields = [.cacheControl: "private, no-cache"]
    if operation.hasTag {
      let tag = EntityTag(of: content)
      headers[.eTag] = tag.text
      if tag.matches(request.headers.combined(.ifNoneMatch)) {
        return Response(status: .notModified, headers: headers)
      }
    }
    headers[.contentType] = "application/json"
    var body = content
    if let time {
      body = Array("{\"time\":\"\(time.calendarText)\",".utf8) + content.dropFirst()
    }
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }
}
