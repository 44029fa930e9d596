import Following
import HTTPTypes
import Hummingbird
import NIOCore
import ReflexiveCore
import ServiceLifecycle

extension APIRoutes {
  var events: Operation {
    Operation(
      path: "/api/v1/events", name: "streamEvents", summary: "Server-sent events of a store",
      description:
        "`evidence`: a new row; its id is the row's. `verdict`: a state over `range` has "
        + "changed; it has no id. `resync`: more than 1,000 rows were missed, or the store was replaced; its id "
        + "is the newest row's. A comment is sent every 15 s. At most 64 streams are served.",
      parameters: [
        storeOfSeveral, range,
        Parameter(
          name: "Last-Event-ID", place: .header,
          description: "The id of the last event received, after which a new stream resumes.",
          schema: Parameter.idSchema),
      ],
      contents: [Operation.Content(mediaType: "text/event-stream", schema: ["type": "string"])],
      statuses: [.notFound, .serviceUnavailable], hasTag: false
    ) { request throws(APIProblem) in
      let store = try request.store()
      let range = try request.range()
      let lastEventID = try request.lastEventID()
      guard let seat = eventSeats.take() else {
        throw APIProblem(
          status: .serviceUnavailable,
          detail: "All \(eventSeats.limit) streams of events are taken.",
          headers: [.retryAfter: "15"])
      }
      let stream = EventStream(
        feeds.feed(of: store, queries, time), queries, range: range.label,
        lastEventID: lastEventID
      ) { verdict in json(verdict, range, at: time.wall()) }
      return .stream(
        Response(
          status: .ok, headers: Self.eventHeaders,
          body: ResponseBody { [registry] writer in
            let listener = EventListener(store: store, registry: registry, channel: request.channel)
            try await listener.send(stream, to: &writer)
            try await writer.finish(nil)
            withExtendedLifetime(seat) {}
          }))
    }
  }

  private static let eventHeaders: HTTPFields = {
    var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
    // nginx would keep events back until its buffer is full.
    if let name = HTTPField.Name("X-Accel-Buffering") { headers[name] = "no" }
    return headers
  }()
}

extension APIRequest {
  fileprivate func lastEventID() throws(APIProblem) -> Int64? {
    guard let name = HTTPField.Name("Last-Event-ID"), let text = headers[name], !text.isEmpty
    else { return nil }
    guard let id = Int64(text) else {
      throw .bad(
        QueryParameters.Problem(
          parameter: "Last-Event-ID", value: text,
          reason: "expected the id of a row, a whole number"))
    }
    return id
  }
}
