import NIOCore

/// Reads what inotify(7) has, and takes a breath: one commit is a dozen events, and to look after
/// each of them would take processor time from the writer.
///
/// Where only other files of the directory are written to, such as a log, breaths grow.
final class EventReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// An event is never cut: a read takes as many whole ones as there is room for.
  static let allocator = FixedSizeRecvByteBufferAllocator(capacity: 65_536)

  private static let shortestBreath: TimeAmount = .milliseconds(1)
  private static let longestBreath: TimeAmount = .milliseconds(16)

  private let dispatch: (inout ByteBuffer) -> Bool
  private var breath = shortestBreath

  /// - Parameter dispatch: takes events, and says whether somebody waited for one of them.
  init(_ dispatch: @escaping (inout ByteBuffer) -> Bool) { self.dispatch = dispatch }

  func channelActive(context: ChannelHandlerContext) { context.read() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var events = unwrapInboundIn(data)
    breath = dispatch(&events) ? Self.shortestBreath : min(breath * 2, Self.longestBreath)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.eventLoop.assumeIsolated().scheduleTask(in: breath) { context.read() }
  }
}
