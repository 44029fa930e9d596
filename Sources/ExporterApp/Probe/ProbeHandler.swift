import NIOCore
import NIOHTTP1

/// Sends one request and reports the status of its answer.
final class ProbeHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let status: EventLoopPromise<UInt>

  private let path: String

  init(path: String, status: EventLoopPromise<UInt>) {
    self.path = path
    self.status = status
  }

  func channelActive(context: ChannelHandlerContext) {
    let head = HTTPRequestHead(
      version: .http1_1, method: .GET, uri: path,
      headers: [
        "Host": "localhost", "User-Agent": "reflexive-exporter-probe", "Connection": "close",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) { status.succeed(head.status.code) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    status.fail(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { status.fail(ChannelError.eof) }
}
