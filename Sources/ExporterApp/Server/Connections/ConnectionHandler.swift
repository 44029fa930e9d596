import NIOCore
import NIOHTTP1

/// Holds one connection to the limits of time and size, and answers what cannot be a request.
///
/// A connection waits for its first request, is answered, waits for the next one, and ends: each
/// has its deadline, and what is past its deadline is closed. Stands between the HTTP/1 codec and
/// the server, which therefore sees whole requests only.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let connections: ConnectionTable
  private var limits: ServerLimits { connections.limits }
  private var admission = ConnectionQueue<ObjectIdentifier>.Admission.admitted(closing: nil)
  /// Requests whose answers have not been taken by the kernel.
  private var unanswered = 0
  /// No further request is taken, and the connection ends after the answers that are due.
  private var isEnding = false
  /// The server has closed the connection, and there are answers due.
  private var isClosing = false
  private var deadline: Scheduled<Void>?

  init(connections: ConnectionTable) { self.connections = connections }

  func handlerAdded(context: ChannelHandlerContext) {
    admission = connections.admit(context.channel)
  }

  func handlerRemoved(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelActive(context: ChannelHandlerContext) {
    switch admission {
    case .admitted: close(context, after: limits.head)
    case .refused: close(context, after: limits.linger)
    case .dropped: context.close(promise: nil)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    deadline = nil
    context.fireChannelInactive()
  }

  /// Bodies are dropped: no endpoint takes one, so a request is whole with its head, and where a
  /// body would follow, the connection ends with the answer.
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding, case .head(let head) = unwrapInboundIn(data) else { return }
    if admission == .refused { return answer(.allConnectionsTaken, context) }
    if head.bodyBytes > limits.bodyBytes { return answer(.bodyTooLarge(limits), context) }
    unanswered += 1
    isEnding = !head.isKeepAlive || head.bodyBytes > 0 || unanswered >= limits.pipelined
    if unanswered == 1 {
      connections.beginAnswering(context.channel)
      close(context, after: limits.answer)
    }
    context.fireChannelRead(wrapInboundOut(.head(head)))
    context.fireChannelRead(wrapInboundOut(.end(nil)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError:
      if !isEnding { answer(ConnectionAnswer(error, limits), context) }
    // What follows something that was no request.
    case is ByteToMessageDecoderError: break
    default: context.fireErrorCaught(error)
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if isEnding, unanswered == 1 { head.headers.replaceOrAdd(name: "Connection", value: "close") }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      written.futureResult.assumeIsolated().whenSuccess { self.answered(context) }
      context.write(data, promise: written)
    }
  }

  /// Puts the server's close off until the answers that are due have been taken: what waits to be
  /// sent is lost with the close, and the server counts an answer as given once it is written.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode != .input, unanswered > 0, context.channel.isActive else {
      if mode == .output { close(context, after: limits.linger) }
      return context.close(mode: mode, promise: promise)
    }
    isEnding = true
    isClosing = isClosing || mode == .all
    close(context, after: limits.farewell)
    context.channel.closeFuture.cascade(to: promise)
  }

  private func answered(_ context: ChannelHandlerContext) {
    guard context.channel.isActive, unanswered > 0 else { return }
    unanswered -= 1
    if unanswered > 0 {
      if !isClosing { close(context, after: limits.answer) }
    } else if isClosing {
      context.close(promise: nil)
    } else if isEnding {
      end(context)
    } else {
      connections.beginWaiting(context.channel)
      close(context, after: limits.idle)
    }
  }

  /// Says why the connection ends, unless there are answers due: then it ends after them.
  private func answer(_ answer: ConnectionAnswer, _ context: ChannelHandlerContext) {
    isEnding = true
    guard unanswered == 0 else { return }
    context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    end(context)
  }

  private func end(_ context: ChannelHandlerContext) {
    context.close(mode: .output, promise: nil)
    close(context, after: limits.linger)
  }

  /// Replaces the deadline.
  private func close(_ context: ChannelHandlerContext, after time: TimeAmount) {
    deadline?.cancel()
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
      context.close(promise: nil)
    }
  }
}

extension HTTPRequestHead {
  /// As declared; 1 where only chunks will tell, which are dropped until the connection ends.
  fileprivate var bodyBytes: Int {
    if headers.contains(name: "Transfer-Encoding") { return 1 }
    // The decoder lets digits only through: what is no Int is too large for one.
    return headers.first(name: "Content-Length").map { Int($0) ?? .max } ?? 0
  }
}
