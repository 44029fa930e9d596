import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A QSR service on a free port of the loopback interface that answers as it is told, or does not.
final class FaultServer: Sendable {
  enum Answer: Sendable {
    case status(Int, headers: [String: String] = [:], body: String = "")
    /// These bytes, and the end of the connection.
    case bytes(String)
    /// The connection ends without an answer.
    case close
    /// Likewise, by RST.
    case reset
    case hang
    /// So much of the body of an answer, and nothing more.
    case hangAfter(String)

    static func score(_ score: Double) -> Answer {
      .status(200, body: #"{"quality_score": \#(score), "consistency": 0.97}"#)
    }
  }

  struct Request: Sendable {
    var head: String
    var body: String

    /// The value of a header.
    subscript(name: String) -> String? {
      for line in head.split(separator: "\r\n").dropFirst() {
        let parts = line.split(separator: ":", maxSplits: 1)
        if parts.first?.lowercased() == name { return String(parts[1].drop { $0 == " " }) }
      }
      return nil
    }
  }

  private let log: Requests
  private let channel: any Channel

  /// - Parameter answer: given a request and how many came before it.
  static func start(
    _ answer: @escaping @Sendable (Request, Int) -> Answer
  ) async throws -> FaultServer {
    let requests = Requests(answer: answer)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(FaultHandler(requests: requests))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return FaultServer(channel, requests)
  }

  /// Known after the end, too.
  let port: Int

  private init(_ channel: any Channel, _ log: Requests) {
    self.channel = channel
    self.log = log
    port = channel.localAddress?.port ?? 0
  }

  var url: String { "http://127.0.0.1:\(port)/api/qsr" }
  var requests: [Request] { log.received.withLock { $0 } }

  func stop() async throws { try await channel.close() }
}

/// The requests that came, and what answers them.
final class Requests: Sendable {
  let received = Mutex<[FaultServer.Request]>([])
  private let answer: @Sendable (FaultServer.Request, Int) -> FaultServer.Answer

  init(answer: @escaping @Sendable (FaultServer.Request, Int) -> FaultServer.Answer) {
    self.answer = answer
  }

  func answer(_ request: FaultServer.Request) -> FaultServer.Answer {
    let count = received.withLock { received in
      received.append(request)
      return received.count - 1
    }
    return answer(request, count)
  }
}

private final class FaultHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let requests: Requests
  private var received = ByteBuffer()

  init(requests: Requests) { self.requests = requests }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received.writeImmutableBuffer(unwrapInboundIn(data))
    // A client that begins TLS is answered as well.
    if received.getInteger(at: received.readerIndex, as: UInt8.self) == 0x16 {
      return respond(requests.answer(FaultServer.Request(head: "", body: "")), context)
    }
    let text = String(buffer: received)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return }
    let request = FaultServer.Request(
      head: String(text[..<end.lowerBound]), body: String(text[end.upperBound...]))
    guard request.body.utf8.count >= Int(request["content-length"] ?? "0") ?? 0 else { return }
    received.clear()
    respond(requests.answer(request), context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func respond(_ answer: FaultServer.Answer, _ context: ChannelHandlerContext) {
    switch answer {
    case .status(let status, let headers, let body):
      let fields = headers.map { "\($0): \($1)\r\n" }.joined()
      send(
        "HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)",
        context)
    case .bytes(let text):
      send(text, context)
      context.close(promise: nil)
    case .close: context.close(promise: nil)
    case .reset:
      // With this a close is an RST.
      (context.channel as? any SocketOptionProvider)?
        .setSoLinger(linger(l_onoff: 1, l_linger: 0))
        .whenComplete { [channel = context.channel] _ in channel.close(promise: nil) }
    case .hang: break
    case .hangAfter(let body):
      send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n\(body)", context)
    }
  }

  private func send(_ text: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
  }
}
