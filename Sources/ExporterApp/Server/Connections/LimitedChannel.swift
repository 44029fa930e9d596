import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Hummingbird's HTTP/1, with limits on each connection.
struct LimitedChannel: HTTPChannelHandler {
  typealias Value = HTTP1Channel.Value

  let base: HTTP1Channel
  let connections: ConnectionTable

  init(responder: @escaping HTTPChannelHandler.Responder, connections: ConnectionTable) {
    let bytes = connections.limits.headBytes
    let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
      maxHeaderFieldSize: bytes, maxHeaderListSize: bytes)
    base = HTTP1Channel(
      responder: responder, configuration: .init(httpDecoderConfiguration: decoder))
    self.connections = connections
  }

  var responder: Responder { base.responder }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    base.setup(channel: channel, logger: logger).flatMapThrowing { value in
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(
        ConnectionHandler(connections: connections), position: .after(decoder))
      return value
    }
  }

  func handle(value: Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}

extension HTTPServerBuilder {
  /// HTTP/1.1 servers that share one limit of connections, over TLS if the web configuration
  /// has it.
  static func http1(
    _ connections: ConnectionTable, web: WebConfigurationService?
  ) -> HTTPServerBuilder {
    HTTPServerBuilder { responder in
      LimitedChannel(responder: responder, connections: connections).secured(by: web)
    }
  }
}
