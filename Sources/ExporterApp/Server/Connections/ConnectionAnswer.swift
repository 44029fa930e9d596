import HTTPTypes
import NIOCore
import NIOHTTP1

/// The last answer on a connection, which is given in place of the server.
struct ConnectionAnswer: Equatable {
  private let status: HTTPResponseStatus
  private let reason: String

  /// All connections are being answered.
  static let allConnectionsTaken = ConnectionAnswer(
    status: .serviceUnavailable, reason: "all connections are taken")

  /// The end of the request is not known.
  static let unknownTransferCoding = ConnectionAnswer(
    status: .badRequest, reason: "Transfer-Encoding is not known here: expected chunked, or none")

  static func bodyTooLarge(_ limits: ServerLimits) -> ConnectionAnswer {
    ConnectionAnswer(
      status: .payloadTooLarge, reason: "the body is larger than \(limits.bodyBytes) bytes")
  }

  private init(status: HTTPResponseStatus, reason: String) {
    self.status = status
    self.reason = reason
  }

  init(_ error: HTTPParserError, _ limits: ServerLimits) {
    switch error {
    case .headerOverflow:
      self.init(
        status: .requestHeaderFieldsTooLarge,
        reason: "the request line and header fields are larger than \(limits.headBytes) bytes")
    default: self.init(status: .badRequest, reason: "this is not an HTTP/1.1 request")
    }
  }

  var body: ByteBuffer { ByteBuffer(string: "\(status.code): \(reason)\n") }

  var head: HTTPResponseHead {
    var fields = HTTPFields.forTheExporter
    fields[.contentType] = "text/plain; charset=utf-8"
    fields[.connection] = "close"
    fields[.contentLength] = String(body.readableBytes)
    if status == .serviceUnavailable { fields[.retryAfter] = "1" }
    return HTTPResponseHead(
      version: .http1_1, status: status,
      headers: HTTPHeaders(fields.map { ($0.name.rawName, $0.value) }))
  }
}
