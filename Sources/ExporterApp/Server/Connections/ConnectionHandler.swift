import NIOCore
import NIOHTTP1

/// Enforces the time and size limits of one connection, and answers what is not a request.
///
/// It is between the HTTP/1 codec and the server, so the server sees only requests. It passes
/// events to ``ConnectionState`` and carries out the actions that come back.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let connections: ConnectionTable
  private var state: ConnectionState
  private var admission = ConnectionQueue<ObjectIdentifier>.Admission.dropped
  private var inputHasClosed = false {
    didSet {
      onInputClosed?()
      onInputClosed = nil
    }
  }
  /// Called when the client closes its side while a stream is being sent.
  private var onInputClosed: (@Sendable () -> Void)?
  /// Whether the rest of a body is being handed on.
  private var isReceivingBody = false
  private(set) var isBodyBroken = false
  /// The answer has a transfer coding and no body: that of HEAD where GET would stream.
  private var isStreamWithoutBody = false
  private var timer: (deadline: NIODeadline, task: Scheduled<Void>)?

  init(connections: ConnectionTable) {
    self.connections = connections
    state = ConnectionState(connections.limits)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    admission = connections.admit(context.channel)
  }

  func handlerRemoved(context: ChannelHandlerContext) { stopTimer() }

  func channelActive(context: ChannelHandlerContext) {
    act(state.opened(admission, at: context.eventLoop.now), context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    stopTimer()
    breakBody(context)
    context.fireChannelInactive()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed { inputHasClosed = true }
    context.fireUserInboundEventTriggered(event)
  }

  /// Calls `body` once the client has closed its side, or at once if it already has.
  func whenInputCloses(_ body: @escaping @Sendable () -> Void) {
    if inputHasClosed { body() } else { onInputClosed = body }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): receive(head, context)
    case .body where isReceivingBody:
      state.bodyContinues(at: context.eventLoop.now)
      startTimer(context)
      context.fireChannelRead(data)
    case .end where isReceivingBody:
      isReceivingBody = false
      context.fireChannelRead(data)
    // The part belongs to a body that is dropped.
    case .body, .end: break
    }
  }

  /// Handles the head of a request. If no endpoint takes the body, it is dropped, and the request
  /// is whole with its head.
  private func receive(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    guard head.isTransferCodingKnown else {
      return act(state.refuse(.unknownTransferCoding, at: context.eventLoop.now), context)
    }
    let takesBody = connections.takesBody(head.method.rawValue, head.path)
    let action = state.received(
      bodyBytes: takesBody ? 0 : head.bodyBytes, isKeepAlive: head.isKeepAlive,
      at: context.eventLoop.now)
    act(action, context)
    guard action == .pass || action == .beginAnswering else { return }
    context.fireChannelRead(wrapInboundOut(.head(head)))
    guard takesBody else {
      context.fireChannelRead(wrapInboundOut(.end(nil)))
      return
    }
    isReceivingBody = true
    // No other answer is due before it.
    if action == .beginAnswering, head.expectsContinue {
      let interim = HTTPResponseHead(version: .http1_1, status: .continue)
      context.writeAndFlush(wrapOutboundOut(.head(interim)), promise: nil)
    }
  }

  /// Ends a body whose rest will not come. The server gets its end, and asks whether it is whole.
  private func breakBody(_ context: ChannelHandlerContext) {
    guard isReceivingBody else { return }
    isReceivingBody = false
    isBodyBroken = true
    context.fireChannelRead(wrapInboundOut(.end(nil)))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError:
      let answer = ConnectionAnswer(error, connections.limits)
      breakBody(context)
      act(state.refuse(answer, at: context.eventLoop.now), context)
    // These are bytes after something that was not a request.
    case is ByteToMessageDecoderError: break
    default: context.fireErrorCaught(error)
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if isReceivingBody, state.answersEarly() { isReceivingBody = false }
      // The encoder names the coding of every other stream.
      isStreamWithoutBody = head.headers.contains(name: "Transfer-Encoding")
      if state.isNextAnswerLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body:
      isStreamWithoutBody = false
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      written.futureResult.assumeIsolated().whenSuccess {
        guard context.channel.isActive else { return }
        self.act(self.state.partTaken(at: context.eventLoop.now), context)
      }
      context.write(data, promise: written)
    case .end:
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      written.futureResult.assumeIsolated().whenSuccess {
        guard context.channel.isActive else { return }
        self.act(self.state.answerTaken(at: context.eventLoop.now), context)
      }
      // The encoder would end a body that was never begun, and the next answer would be misread.
      let end = isStreamWithoutBody ? wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))) : data
      context.write(end, promise: written)
    }
  }

  /// Delays the server's close until the due answers have been taken. A close drops what waits to
  /// be sent, and the server counts an answer as given once it is written.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard context.channel.isActive else { return context.close(mode: mode, promise: promise) }
    let action = state.serverCloses(mode, at: context.eventLoop.now)
    act(action, context)
    if action == .hold {
      context.channel.closeFuture.cascade(to: promise)
    } else {
      context.close(mode: mode, promise: promise)
    }
  }

  private func act(_ action: ConnectionState.Action, _ context: ChannelHandlerContext) {
    switch action {
    case .none, .pass, .hold: break
    case .beginAnswering: connections.beginAnswering(context.channel)
    case .beginWaiting: connections.beginWaiting(context.channel)
    case .answer(let answer):
      context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      context.close(mode: .output, promise: nil)
    case .closeOutput: context.close(mode: .output, promise: nil)
    case .close: context.close(promise: nil)
    }
    if context.channel.isActive { startTimer(context) }
  }

  private func startTimer(_ context: ChannelHandlerContext) {
    guard let deadline = state.deadline, deadline != timer?.deadline else { return }
    stopTimer()
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
      self.act(self.state.deadlinePassed(at: context.eventLoop.now), context)
    }
    timer = (deadline, task)
  }

  private func stopTimer() {
    timer?.task.cancel()
    timer = nil
  }
}

extension HTTPRequestHead {
  /// Whether the end of the request is known: only a single `chunked` tells it, and nothing does in
  /// HTTP/1.0 (RFC 9112, sections 6.1 to 6.3). The decoder takes other codings for none.
  fileprivate var isTransferCodingKnown: Bool {
    guard headers.contains(name: "Transfer-Encoding") else { return true }
    let codings = headers[canonicalForm: "Transfer-Encoding"]
    return (version.major, version.minor) >= (1, 1) && codings.count == 1
      && codings.allSatisfy { $0.utf8.map { $0 | 0x20 }.elementsEqual("chunked".utf8) }
  }

  /// The path without the query.
  fileprivate var path: String {
    String(Substring(uri.utf8.prefix { $0 != UInt8(ascii: "?") }))
  }

  fileprivate var expectsContinue: Bool {
    headers[canonicalForm: "Expect"].contains {
      $0.utf8.map { $0 | 0x20 }.elementsEqual("100-continue".utf8)
    } && (version.major, version.minor) >= (1, 1)
  }

  /// The declared length of the body; 1 for chunks, which are dropped until the connection ends.
  fileprivate var bodyBytes: Int {
    if headers.contains(name: "Transfer-Encoding") { return 1 }
    // The decoder accepts digits only: a value that is not an Int is too large for one.
    return headers.first(name: "Content-Length").map { Int($0) ?? .max } ?? 0
  }
}
