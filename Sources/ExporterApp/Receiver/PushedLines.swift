import EvidenceStore
import LinuxSystem
import ReflexiveCore

/// The payloads of a body, and their faults.
struct PushedLines {
  /// The most faults that an answer names.
  static let shownFaults = 20

  /// The body, with a NUL after each payload, followed by the unescaped texts of events.
  private(set) var bytes: [UInt8]
  private(set) var rows: [ReceivedBatch.Row] = []
  private(set) var payloads = 0
  private(set) var bad = 0
  /// The first of the faults.
  private(set) var faults: [PushFault] = []
  private(set) var rejected: [PushReason: Int] = [:]
  /// Whether every payload has a time.
  private(set) var allHaveTimes = true
  private let isOneObject: Bool
  private let bodyCount: Int

  init(_ body: [UInt8], isOneObject: Bool) {
    bytes = body
    bodyCount = body.count
    bytes.append(0)
    self.isOneObject = isOneObject
  }

  /// Checks every payload.
  mutating func check(by validator: EvidenceValidator, now: UnixTime) {
    var start = 0
    var line = 0
    while start < bodyCount {
      line += 1
      let end = isOneObject ? bodyCount : endOfLine(from: start)
      if let payload = trimmed(start..<end) {
        payloads += 1
        check(payload, line, by: validator, now: now)
      }
      start = end + 1
    }
  }

  private func endOfLine(from start: Int) -> Int {
    ByteSearch.first(UInt8(ascii: "\n"), in: bytes, start..<bodyCount) ?? bodyCount
  }

  /// The range without white space around it; `nil` if nothing else is in it.
  private func trimmed(_ range: Range<Int>) -> ByteRange? {
    guard let first = bytes[range].firstIndex(where: { !Self.isBlank($0) }),
      let last = bytes[range].lastIndex(where: { !Self.isBlank($0) })
    else { return nil }
    return ByteRange(offset: first, count: last + 1 - first)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }

  private mutating func check(
    _ payload: ByteRange, _ line: Int, by validator: EvidenceValidator, now: UnixTime
  ) {
    // Replaces the white space after the payload, or the NUL at the end.
    bytes[payload.offset + payload.count] = 0
    do throws(EvidenceValidator.Fault) {
      let found = try validator.check(bytes.span, payload, now: now)
      if found.time == nil { allHaveTimes = false }
      // Nothing is written if one payload is bad.
      guard bad == 0 else { return }
      rows.append(
        ReceivedBatch.Row(payload: payload, event: event(found), time: found.time ?? now))
    } catch {
      bad += 1
      rejected[PushReason(error), default: 0] += 1
      rows = []
      if faults.count < Self.shownFaults {
        faults.append(
          PushFault(
            line: line, reason: PushReason(error), field: error.field, problem: error.problem))
      }
    }
  }

  private mutating func event(_ found: EvidenceValidator.Found) -> ByteRange {
    guard found.isEventEscaped else { return found.event }
    let text = EvidenceValidator.event(of: found, in: bytes.span)
    let offset = bytes.count
    bytes += text
    return ByteRange(offset: offset, count: text.count)
  }
}
