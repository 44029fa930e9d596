import EvidenceStore
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers to requests to export logs, in the encoding of the request.
///
/// Source: "OTLP/HTTP", OpenTelemetry protocol specification; `google.rpc.Status`.
struct LogsAnswer: Sendable {
  enum Encoding: String, CaseIterable, Hashable, Sendable {
    case protobuf = "application/x-protobuf"
    case json = "application/json"
  }

  let encoding: Encoding

  /// - Parameter remark: the remark on records that should have become rows.
  func accepted(_ remark: ReceivedRemark?, isReplayed: Bool = false) -> Response {
    var headers: HTTPFields = [.contentType: encoding.rawValue]
    if isReplayed, let name = HTTPField.Name("Idempotent-Replayed") { headers[name] = "true" }
    return Response(status: .ok, headers: headers, body: body(success(remark)))
  }

  func refused(_ problem: APIProblem) -> Response {
    var headers = problem.headers
    headers[.contentType] = encoding.rawValue
    return Response(status: problem.status, headers: headers, body: body(status(problem)))
  }

  private func body(_ bytes: [UInt8]) -> ResponseBody {
    ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
  }

  private func success(_ remark: ReceivedRemark?) -> [UInt8] {
    switch (encoding, remark) {
    case (.protobuf, nil): return []
    case (.json, nil): return JSON.object([]).bytes
    case (.protobuf, let remark?):
      let partial =
        Self.field(1, number: UInt64(remark.rejected)) + Self.field(2, bytes: remark.message)
      return Self.field(1, bytes: partial)
    case (.json, let remark?):
      // Protobuf's JSON writes numbers of 64 bits as strings.
      let partial: JSON = [
        "rejectedLogRecords": .text(String(remark.rejected)),
        "errorMessage": .text(remark.message),
      ]
      return JSON.object([JSON.Member("partialSuccess", partial)]).bytes
    }
  }

  private func status(_ problem: APIProblem) -> [UInt8] {
    let code = Self.code(of: problem.status)
    return switch encoding {
    case .protobuf: Self.field(1, number: code) + Self.field(2, bytes: problem.detail)
    case .json:
      JSON.object([
        JSON.Member("code", .integer(Int64(code))), JSON.Member("message", .text(problem.detail)),
      ]).bytes
    }
  }

  /// The code of a status, by `google.rpc.Code`.
  private static func code(of status: HTTPResponse.Status) -> UInt64 {
    switch status {
    case .notFound: 5
    case .unprocessableContent: 6
    case .contentTooLarge, .tooManyRequests: 8
    case .serviceUnavailable: 14
    default: 3
    }
  }

  private static func field(_ number: UInt8, number value: UInt64) -> [UInt8] {
    value == 0 ? [] : [number << 3] + varint(value)
  }

  private static func field(_ number: UInt8, bytes: some Sequence<UInt8>) -> [UInt8] {
    let content = Array(bytes)
    return [number << 3 | 2] + varint(UInt64(content.count)) + content
  }

  private static func field(_ number: UInt8, bytes text: String) -> [UInt8] {
    field(number, bytes: text.utf8)
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var (bytes, rest) = ([] as [UInt8], value)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
