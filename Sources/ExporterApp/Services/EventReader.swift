import NIOCore

/// Reads what inotify(7) has, and takes a breath: one commit is a dozen events, and to look after
/// each of them would take processor time from the writer.
final class EventReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// An event is never cut: a read takes as many whole ones as there is room for.
  static let allocator = FixedSizeRecvByteBufferAllocator(capacity: 65_536)

  private static let breath: TimeAmount = .milliseconds(1)

  private let dispatch: (inout ByteBuffer) -> Void

  init(_ dispatch: @escaping (inout ByteBuffer) -> Void) { self.dispatch = dispatch }

  func channelActive(context: ChannelHandlerContext) { context.read() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var events = unwrapInboundIn(data)
    dispatch(&events)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.breath) { context.read() }
  }
}
