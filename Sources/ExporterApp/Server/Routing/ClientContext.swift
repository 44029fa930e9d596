import Hummingbird

/// What is known of a request beside itself.
struct ClientContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The address that it comes from, without the port; empty where it has none.
  let client: String

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    client = source.channel.remoteAddress?.ipAddress ?? ""
  }
}
