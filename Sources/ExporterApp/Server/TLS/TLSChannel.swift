import HummingbirdCore
import Logging
import NIOCore

extension ServerChildChannel {
  /// The channel over TLS, if the web configuration has it.
  func secured(by web: WebConfigurationService?) -> any ServerChildChannel {
    guard let web, web.isTLS else { return self }
    return TLSChannel(base: self, web: web)
  }
}

/// A connection over TLS, with the web configuration in force when it begins.
private struct TLSChannel<Base: ServerChildChannel>: ServerChildChannel {
  let base: Base
  let web: WebConfigurationService

  struct NotConfigured: Error {}

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
    channel.eventLoop.makeCompletedFuture {
      guard let tls = web.policy.tls else { throw NotConfigured() }
      try channel.pipeline.syncOperations.addHandler(tls.makeHandler())
    }.flatMap { base.setup(channel: channel, logger: logger) }
  }

  func handle(value: Base.Value, logger: Logger) async {
    await base.handle(value: value, logger: logger)
  }
}
