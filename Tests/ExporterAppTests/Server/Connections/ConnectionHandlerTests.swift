import Following
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import ReflexiveCore
import Synchronization
import Testing

@testable import ExporterApp

/// One connection on a loop whose clock is set by hand.
struct ConnectionHandlerTests {
  private let connections: ConnectionTable
  private let client: Client

  init() throws {
    var limits = ServerLimits()
    limits.connections = 1
    connections = ConnectionTable(
      limits: limits, time: .system, logger: Logger(label: "") { _ in SwiftLogNoOpLogHandler() }
    ) { method, path in method == "POST" && path == "/push" }
    client = try Client(connections)
  }

  @Test func aClientThatSendsNoRequestIsClosed() {
    client.wait(.seconds(9))
    #expect(client.isOpen)
    client.wait(.seconds(1))
    #expect(!client.isOpen && connections.count == 0)
  }

  @Test func aHeadThatArrivesByteByByteIsNotWaitedFor() throws {
    for byte in "GET / HTTP" {
      try client.send(String(byte))
      client.wait(.seconds(1))
    }
    #expect(!client.isOpen)
  }

  @Test func betweenRequestsAClientMayWaitFiveMinutes() throws {
    for _ in 1...2 {
      try client.send("GET / HTTP/1.1\r\n\r\n")
      #expect(try client.requests() == ["/"])
      #expect(try client.answer(200).contains("connection: close") == false)
      client.wait(.seconds(299))
      #expect(client.isOpen)
    }
    client.wait(.seconds(1))
    #expect(!client.isOpen)
  }

  @Test func aClientThatDoesNotReadIsClosed() throws {
    try client.send("GET / HTTP/1.1\r\n\r\n")
    client.beginAnswer(200)
    client.wait(.seconds(29))
    #expect(client.isOpen)
    client.wait(.seconds(1))
    #expect(!client.isOpen)
  }

  @Test func aClientThatReadsOnMayTakeLongerForALongAnswer() throws {
    try client.send("GET / HTTP/1.1\r\n\r\n")
    client.beginParts()
    for number in 1...5 {
      client.part("\(number)")
      #expect(try client.take().contains("\(number)"))
      client.wait(.seconds(29))
      #expect(client.isOpen)
    }
    client.part("this one is not taken")
    client.wait(.seconds(1))
    #expect(!client.isOpen)
  }

  @Test func theHeadOfAStreamHasNoBodyThatTheNextAnswerWouldBeTakenFor() throws {
    try client.send("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    client.beginParts()
    client.end()
    let head = try client.take()
    #expect(head.contains("transfer-encoding: chunked") && head.hasSuffix("\r\n\r\n"))
    #expect(!head.contains("\r\n0\r\n"))
    client.beginParts()
    client.part("x")
    client.end()
    #expect(try client.take().hasSuffix("\r\n\r\n1\r\nx\r\n0\r\n\r\n"))
    client.wait(.seconds(299))
    #expect(client.isOpen)
  }

  @Test func aStreamHearsThatItsClientHasLeft() throws {
    try client.send("GET / HTTP/1.1\r\n\r\n")
    let (before, after) = (Notice(), Notice())
    client.whenLeaving { before.give() }
    #expect(!before.isGiven)
    client.halfClose()
    #expect(before.isGiven && client.isOpen)
    client.whenLeaving { after.give() }
    #expect(after.isGiven)
  }

  @Test(arguments: [
    "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n",
    "POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked \r\n\r\n5\r\nhello\r\n",
  ])
  func theConnectionEndsWithTheAnswer(request: String) throws {
    try client.send(request + "GET /more HTTP/1.1\r\n\r\n")
    #expect(try client.requests() == ["/"])
    #expect(try client.answer(200).contains("connection: close"))
    client.wait(.seconds(2))
    #expect(!client.isOpen)
  }

  @Test func aBodyIsHandedOnWhereItIsTakenAndTheConnectionGoesOn() throws {
    for request in [
      "POST /push?a=b HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"
        + String(repeating: "x", count: 100_000),
      "POST /push HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n1\r\nx\r\n0\r\n\r\n",
      "POST /push HTTP/1.1\r\n\r\n",
    ] {
      try client.send(request)
      let count = request.utf8.count { $0 == UInt8(ascii: "x") }
      let body = count > 0 ? [String(repeating: "x", count: count)] : []
      #expect(try client.bodies() == ["POST"] + body + ["end"])
      #expect(try !client.answer(200).contains("connection: close"))
    }
    try client.send("GET / HTTP/1.1\r\n\r\n")
    #expect(try client.requests() == ["/"])
  }

  @Test func aClientThatAsksIsToldToSendItsBody() throws {
    try client.send("POST /push HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-Continue\r\n\r\n")
    #expect(try client.received() == "http/1.1 100 continue\r\n\r\n")
    try client.send("x")
    #expect(try client.bodies() == ["POST", "x", "end"])
    #expect(try client.answer(201).hasPrefix("http/1.1 201 "))
  }

  @Test func aBodyThatStallsIsDroppedAndOneThatGoesOnIsNot() throws {
    try client.send("POST /push HTTP/1.1\r\nContent-Length: 10\r\n\r\n")
    for _ in 1...3 {
      client.wait(.seconds(29))
      try client.send("x")
      #expect(client.isOpen)
    }
    client.wait(.seconds(30))
    #expect(!client.isOpen)
    #expect(client.isBodyBroken)
  }

  @Test func anAnswerBeforeTheEndOfABodyIsTheLast() throws {
    try client.send("POST /push HTTP/1.1\r\nContent-Length: 10\r\n\r\nxx")
    #expect(try client.bodies() == ["POST", "xx"])
    #expect(try client.answer(413).contains("connection: close"))
    try client.send("xxxxxxxxGET / HTTP/1.1\r\n\r\n")
    #expect(try client.requests() == [])
    client.wait(.seconds(2))
    #expect(!client.isOpen)
  }

  @Test func theAnswerOfAnEarlierRequestDoesNotEndABody() throws {
    try client.send("GET / HTTP/1.1\r\n\r\nPOST /push HTTP/1.1\r\nContent-Length: 2\r\n\r\nx")
    #expect(try !client.answer(200).contains("connection: close"))
    try client.send("x")
    #expect(try client.bodies() == ["GET", "end", "POST", "xx", "end"])
    #expect(try !client.answer(201).contains("connection: close"))
  }

  @Test func aBodyThatIsBrokenIsNotTakenForAWholeOne() throws {
    try client.send("POST /push HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n")
    #expect(!client.isBodyBroken)
    try client.send("no length\r\n")
    #expect(try client.bodies() == ["POST", "xx", "end"])
    #expect(client.isBodyBroken)
    #expect(try client.answer(400).contains("connection: close"))
  }

  @Test(arguments: Nonsense.all) fileprivate func whatIsNoRequestIsAnsweredOnce(
    nonsense: Nonsense
  ) throws {
    try client.send(nonsense.bytes)
    try client.send("GET / HTTP/1.1\r\n\r\n")
    #expect(try client.requests() == [])
    let answer = try client.received()
    #expect(answer.hasPrefix("http/1.1 \(nonsense.status) "), "\(answer)")
    #expect(answer.contains("connection: close") && answer.contains("nosniff"))
    client.wait(.seconds(2))
    #expect(!client.isOpen)
  }

  @Test func answersThatAreDueComeBeforeTheEnd() throws {
    try client.send("GET / HTTP/1.1\r\n\r\nnonsense\r\n\r\n")
    #expect(try client.received().isEmpty)
    #expect(try client.answer(200).contains("connection: close"))
    client.wait(.seconds(2))
    #expect(!client.isOpen)
  }

  @Test func theServersEndWaitsForAnAnswerToBeTaken() throws {
    try client.send("GET / HTTP/1.1\r\n\r\n")
    client.beginAnswer(200)
    client.close()
    client.wait(.seconds(3))
    #expect(client.isOpen)
    #expect(try client.take().hasPrefix("http/1.1 200 "))
    #expect(!client.isOpen)
  }

  @Test func theServersEndDoesNotWaitForLong() throws {
    try client.send("GET / HTTP/1.1\r\n\r\n")
    client.beginAnswer(200)
    client.close()
    client.wait(.seconds(4))
    #expect(!client.isOpen)
  }

  @Test func theServersEndIsAtOnceWhereNoAnswerIsDue() throws {
    try client.send("GET / HTTP/1.1\r\n\r\n")
    _ = try client.answer(200)
    client.close()
    #expect(!client.isOpen)
  }

  @Test func pipelinedRequestsAreBounded() throws {
    try client.send(String(repeating: "GET / HTTP/1.1\r\n\r\n", count: 1000))
    #expect(try client.requests().count == 32)
    for _ in 1..<32 { #expect(try !client.answer(200).contains("connection: close")) }
    #expect(try client.answer(200).contains("connection: close"))
  }

  @Test func connectionsLeaveDescriptorsForTheRest() {
    for (descriptors, connections) in [(32, 4), (64, 9), (128, 22), (1024, 201), (20_000, 512)] {
      let limits = ServerLimits.standard(descriptors: descriptors, servers: 1)
      #expect(limits.connections == connections)
      // Those at rest take 22, and stores up to three quarters.
      for servers in 1...2 {
        let accepted = ServerLimits.standard(descriptors: descriptors, servers: servers).accepted
        #expect(accepted * servers + max(descriptors / 4 * 3, 22) <= descriptors - 2)
      }
    }
    #expect(ServerLimits.standard(descriptors: nil, servers: 1).connections == 512)
  }

  @Test func anIdleConnectionMakesRoom() throws {
    let other = try Client(connections)
    #expect(!client.isOpen && other.isOpen)
  }

  @Test func whereAllAreAnsweredOneMoreIsToldSo() throws {
    try client.send("GET / HTTP/1.1\r\n\r\n")
    let other = try Client(connections)
    let third = try Client(connections)
    #expect(client.isOpen && other.isOpen && !third.isOpen)
    try other.send("GET / HTTP/1.1\r\n\r\n")
    #expect(try other.requests() == [])
    let answer = try other.received()
    #expect(answer.hasPrefix("http/1.1 503 ") && answer.contains("retry-after: "))
    other.wait(.seconds(2))
    #expect(!other.isOpen)
  }
}

/// What is sent in place of a request, and the status that it gets.
private struct Nonsense: CustomTestStringConvertible {
  let testDescription: String
  let status: Int
  let bytes: String

  init(_ name: String, _ status: Int, _ bytes: String) {
    (testDescription, self.status, self.bytes) = (name, status, bytes)
  }

  static let all = [
    Nonsense("a huge field", 431, get("X: \(String(repeating: "a", count: 90_000))\r\n")),
    Nonsense("many fields", 431, get((1...2000).map { "X\($0): y\r\n" }.joined())),
    Nonsense(
      "a huge path", 431, "GET /\(String(repeating: "a", count: 90_000)) HTTP/1.1\r\n\r\n"),
    Nonsense("no words of HTTP", 400, "nonsense\r\n\r\n"),
    Nonsense("two lengths in one", 400, get("Content-Length: 1, 2\r\n")),
    Nonsense("two lengths", 400, get("Content-Length: 1\r\nContent-Length: 2\r\n")),
    Nonsense(
      "a length and chunks", 400, get("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")),
    Nonsense("a coding that is not known", 400, get("Transfer-Encoding: xchunked\r\n")),
    Nonsense("a coding before chunks", 400, get("Transfer-Encoding: gzip, chunked\r\n")),
    Nonsense("chunked twice", 400, get("Transfer-Encoding: chunked, chunked\r\n")),
    Nonsense("identity", 400, get("Transfer-Encoding: identity\r\n")),
    Nonsense("chunked with a parameter", 400, get("Transfer-Encoding: chunked;x=1\r\n")),
    Nonsense(
      "two fields of codings", 400,
      get("Transfer-Encoding: xchunked\r\nTransfer-Encoding: chunked\r\n")),
    Nonsense("no coding", 400, get("Transfer-Encoding:\r\n")),
    Nonsense(
      "chunks in HTTP/1.0", 400, "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    Nonsense("a large body", 413, get("Content-Length: 65537\r\n")),
    Nonsense("the largest body", 413, get("Content-Length: 9223372036854775807\r\n")),
  ]

  private static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\n\(fields)\r\n" }
}

/// Something that happens once.
private final class Notice: Sendable {
  private let given = Mutex(false)

  var isGiven: Bool { given.withLock { $0 } }

  func give() { given.withLock { $0 = true } }
}

/// The far end of a connection, and the server that answers it.
private final class Client {
  private let channel: EmbeddedChannel

  init(_ connections: ConnectionTable) throws {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldSize = connections.limits.headBytes
    limits.maxHeaderListSize = connections.limits.headBytes
    channel = EmbeddedChannel(handlers: [
      HTTPResponseEncoder(),
      ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: limits)),
      ConnectionHandler(connections: connections),
    ])
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  /// Lets the time pass after which a handler gives up its connection.
  deinit {
    channel.close(promise: nil)
    wait(.hours(1))
    _ = try? channel.finish(acceptAlreadyClosed: true)
  }

  var isOpen: Bool { channel.isActive }

  func wait(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }

  func send(_ text: String) throws { try channel.writeInbound(ByteBuffer(string: text)) }

  /// The paths of the requests that reached the server.
  func requests() throws -> [String] {
    var paths: [String] = []
    while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
      if case .head(let head) = part { paths.append(head.uri) }
    }
    return paths
  }

  /// What reached the server, in words: methods, bodies and ends.
  func bodies() throws -> [String] {
    var words: [String] = []
    var body = ""
    while let part = try channel.readInbound(as: HTTPServerRequestPart.self) {
      switch part {
      case .head(let head): words.append(head.method.rawValue)
      case .body(let bytes): body += String(buffer: bytes)
      case .end:
        words += body.isEmpty ? ["end"] : [body, "end"]
        body = ""
      }
    }
    return body.isEmpty ? words : words + [body]
  }

  var isBodyBroken: Bool {
    let handler = try? channel.pipeline.syncOperations.handler(type: ConnectionHandler.self)
    return handler?.isBodyBroken ?? true
  }

  /// Answers one request, and returns what the client gets, in lower case.
  func answer(_ status: Int) throws -> String {
    beginAnswer(status)
    return try take()
  }

  /// Takes what was answered, in lower case.
  func take() throws -> String {
    channel.flush()
    return try received()
  }

  /// The server closes its end.
  func close() { channel.close(promise: nil) }

  /// Answers one request to a client that takes nothing.
  func beginAnswer(_ status: Int) {
    let head = HTTPResponseHead(
      version: .http1_1, status: .init(statusCode: status), headers: ["Content-Length": "0"])
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    channel.write(HTTPServerResponsePart.end(nil), promise: nil)
  }

  /// Answers with parts that follow.
  func beginParts() {
    let head = HTTPResponseHead(
      version: .http1_1, status: .ok, headers: ["Transfer-Encoding": "chunked"])
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
  }

  func part(_ text: String) {
    channel.write(
      HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
  }

  func end() { channel.write(HTTPServerResponsePart.end(nil), promise: nil) }

  func whenLeaving(_ body: @escaping @Sendable () -> Void) {
    channel.whenClientLeaves(body)
    channel.embeddedEventLoop.run()
  }

  /// The client sends nothing more.
  func halfClose() { channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

  func received() throws -> String {
    var text = ""
    while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
      text += String(buffer: bytes)
    }
    return text.lowercased()
  }
}
