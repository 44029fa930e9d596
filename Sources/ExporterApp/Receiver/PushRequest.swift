import ConfigurationFiles
import Exposition
import HTTPTypes
import Hummingbird
import NIOCore
import ReflexiveCore

/// Reads the head and the body of a request to push.
struct PushRequest: Sendable {
  let request: Request
  let context: ClientContext
  let receiver: Receiver

  private static let keyHeader = HTTPField.Name("Idempotency-Key")
  private static let longestKey = 255

  /// The store that the parameter `store` names, or the only one that receives.
  func store() throws(APIProblem) -> ReceivingStore {
    let stores = receiver.stores
    guard !stores.isEmpty else {
      throw APIProblem(
        status: .notFound, detail: "No store receives evidence: none says `receive: true`.")
    }
    let names = stores.prefix(100).map { visible($0.name) }.joined(separator: ", ")
    let choice = "expected one of \(names)\(stores.count > 100 ? ", …" : "")"
    let parameters: QueryParameters
    do throws(QueryParameters.Problem) {
      parameters = try QueryParameters(request, allowed: ["store"])
    } catch { throw .bad(error) }
    guard let name = parameters["store"] else {
      guard stores.count == 1 else {
        throw .bad(QueryParameters.Problem(parameter: "store", reason: choice))
      }
      return stores[0]
    }
    guard let store = stores.first(where: { LabelValue($0.name) == LabelValue(name) }) else {
      throw APIProblem(
        status: .notFound, detail: "No store \(quoted(name)) receives evidence.",
        flaws: [APIProblem.Flaw(parameter: "store", reason: choice)])
    }
    return store
  }

  /// The media type of the body, if the request names an expected one in UTF-8.
  func mediaType(of expected: [String]) throws(APIProblem) -> String {
    let values = request.headers[values: .contentType]
    guard values.count == 1, let type = MediaType(values[0]),
      let name = expected.first(where: { $0.utf8.elementsEqual(type.name.utf8) })
    else {
      throw APIProblem(
        status: .unsupportedMediaType,
        detail: "Content-Type: expected \(expected.joined(separator: " or ")).")
    }
    guard ["utf-8", "utf8", nil].contains(type.charset) else {
      throw APIProblem(
        status: .unsupportedMediaType, detail: "Content-Type: expected the charset utf-8.")
    }
    return name
  }

  func isCompressed() throws(APIProblem) -> Bool {
    let text = request.headers.combined(.contentEncoding) ?? "identity"
    guard let coding = MediaType(text)?.name, ["identity", "gzip", "x-gzip"].contains(coding)
    else {
      throw APIProblem(
        status: .unsupportedMediaType, detail: "Content-Encoding: expected gzip, or none.",
        headers: [.acceptEncoding: "gzip"])
    }
    return !coding.utf8.elementsEqual("identity".utf8)
  }

  /// The key that the client has given the push; `nil` without one.
  func key() throws(APIProblem) -> [UInt8]? {
    guard let name = Self.keyHeader else { return nil }
    let values = request.headers[values: name]
    guard let value = values.first else { return nil }
    // Bytes that are not UTF-8 arrive as U+FFFD, which would turn two keys into one.
    guard values.count == 1, (1...Self.longestKey).contains(value.utf8.count),
      !value.unicodeScalars.contains("\u{FFFD}")
    else {
      throw .bad(
        QueryParameters.Problem(
          parameter: "Idempotency-Key",
          reason: "expected it once, with 1 to \(Self.longestKey) bytes of UTF-8"))
    }
    return Array(value.utf8)
  }

  /// Reads the body as long as there is room for it.
  func body(_ place: ReceiverQueue.Place) async throws(APIProblem) -> [UInt8] {
    let settings = receiver.settings
    let declared = declaredLength
    guard declared ?? 0 <= settings.maxBytes else { throw Self.tooLarge(settings) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(declared ?? 0, 1 << 20))
    do {
      for try await part in request.body {
        guard part.readableBytes <= settings.maxBytes - bytes.count else {
          throw Self.tooLarge(settings)
        }
        guard place.grow(by: part.readableBytes, limit: settings.queueBytes) else {
          throw tooManyWaiting
        }
        bytes.append(contentsOf: part.readableBytesView)
      }
    } catch let problem as APIProblem {
      throw problem
    } catch {
      throw Self.brokenOff
    }
    guard await isWhole(bytes.count, declared) else { throw Self.brokenOff }
    return bytes
  }

  private var declaredLength: Int? {
    // The decoder accepts digits only: a value that is not an Int is too large for one.
    request.headers[.contentLength].map { Int($0) ?? .max }
  }

  /// Whether the body is whole. One on a connection that breaks off ends in the same way.
  private func isWhole(_ count: Int, _ declared: Int?) async -> Bool {
    if let declared { return count == declared }
    return request.headers[.transferEncoding] == nil ? true : await context.channel.hasWholeBody()
  }

  private static let brokenOff = APIProblem(
    status: .badRequest, detail: "The body has ended too early.")

  static func tooLarge(_ settings: ReceiverSettings) -> APIProblem {
    APIProblem(
      status: .contentTooLarge,
      detail: "The body is larger than \(settings.maxBytes) bytes: send smaller batches.")
  }

  /// The problem of a push that has to come again later, because too much is waiting.
  var tooManyWaiting: APIProblem {
    APIProblem(
      status: .tooManyRequests, detail: "Too much waits to be written.",
      headers: [.retryAfter: String(receiver.queue.drainSeconds)])
  }
}
