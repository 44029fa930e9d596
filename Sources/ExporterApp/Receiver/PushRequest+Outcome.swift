import HTTPTypes
import Hummingbird
import ConfigurationFiles
import ReflexiveCore

extension PushRequest {
  /// Reads the body and hands it to the receiver.
  ///
  /// - Parameter make: makes a push from the body, whether it is compressed, and its key.
  func push(
    to store: ReceivingStore, _ make: ([UInt8], Bool, [UInt8]?) -> Push
  ) async throws(APIProblem) -> PushOutcome {
    let (isCompressed, key) = (try isCompressed(), try key())
    guard let seat = receiver.seats.take() else { throw tooManyWaiting }
    let place = receiver.queue.place(for: store.name)
    let push = make(try await body(place), isCompressed, key)
    let outcome = await receiver.take(push, into: store)
    withExtendedLifetime((seat, place)) {}
    return outcome
  }

  /// The problem of a push that is not accepted.
  ///
  /// - Parameter isOneObject: whether faults have no line.
  func problem(of outcome: PushOutcome, isOneObject: Bool) -> APIProblem {
    switch outcome {
    case .accepted: APIProblem(status: .created, detail: "")
    case .malformed(let detail): APIProblem(status: .badRequest, detail: detail)
    case .tooLarge: Self.tooLarge(receiver.settings)
    case .refused(let faults, let bad, let count):
      Self.refused(faults, bad: bad, of: count, isOneObject: isOneObject)
    case .keyTaken:
      APIProblem(
        status: .unprocessableContent,
        detail: "The Idempotency-Key was used for another body within the last 24 hours.")
    case .unavailable(let detail): .unavailable(detail)
    }
  }

  private static func refused(
    _ faults: [PushFault], bad: Int, of count: Int, isOneObject: Bool
  ) -> APIProblem {
    let flaws = faults.map { fault in
      APIProblem.Flaw(
        place: isOneObject ? .pointer(pointer(fault.field)) : .line(fault.line),
        reason: fault.reason.rawValue, field: fault.field)
    }
    let first = faults.first.map { fault in
      let place = isOneObject ? "" : "line \(fault.line): "
      return " The first: \(place)\(fault.field.map { $0 + ": " } ?? "")\(fault.problem)."
    }
    return APIProblem(
      status: .unprocessableContent,
      detail: "\(bad) of \(counted(count, "payload")) can't be used, and none was written."
        + (first ?? ""),
      flaws: flaws)
  }

  /// A field's path, as a JSON pointer (RFC 6901).
  private static func pointer(_ field: String?) -> String {
    let parts = (field ?? "").utf8.split(separator: UInt8(ascii: "."))
    return parts.map { "/" + String(Substring($0)) }.joined()
  }
}
