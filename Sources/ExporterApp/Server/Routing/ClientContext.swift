import Hummingbird
import NIOCore

/// The context of a request, with the address of its client.
struct ClientContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// The address that the request comes from, without the port; empty if there is none.
  let client: String
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
    client = source.channel.remoteAddress?.ipAddress ?? ""
  }
}
