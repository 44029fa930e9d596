import HummingbirdCore
import Logging
import NIOCore

extension HTTPServerBuilder {
  /// HTTP/1.1 servers that share one limit of connections, over TLS where the web configuration
  /// has it.
  static func http1(
    _ connections: ConnectionTable, web: WebConfigurationService?
  ) -> HTTPServerBuilder {
    HTTPServerBuilder { responder in
      let channel = LimitedChannel(responder: responder, connections: connections)
      guard let web, web.isTLS else { return channel }
      return TLSChannel(base: channel, web: web)
    }
  }
}

/// A connection that speaks TLS as the web configuration has it when the connection begins.
private struct TLSChannel: ServerChildChannel {
  let base: LimitedChannel
  let web: WebConfigurationService

  struct NotConfigured: Error {}

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<LimitedChannel.Value> {
    channel.eventLoop.makeCompletedFuture {
      guard let tls = web.policy.tls else { throw NotConfigured() }
      try channel.pipeline.syncOperations.addHandler(tls.makeHandler())
    }.flatMap { base.setup(channel: channel, logger: logger) }
  }

  func handle(value: LimitedChannel.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
