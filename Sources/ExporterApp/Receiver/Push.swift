import ConfigurationFiles
import EvidenceStore
import ReflexiveCore

/// How evidence comes in. The raw value is the label value of `reflexive_receiver_*`.
enum PushProtocol: String, CaseIterable, Hashable, Sendable {
  case evidence
  /// OpenTelemetry.
  case otlp
}

/// Why a payload is refused or left out. The raw value is the label value of
/// `reflexive_receiver_rejected_total`.
enum PushReason: String, CaseIterable, Hashable, Sendable {
  case tooLarge = "too_large"
  case invalidJSON = "invalid_json"
  case notObject = "not_object"
  /// The event is no non-empty string.
  case badEvent = "bad_event"
  case badTimestamp = "bad_timestamp"
  case futureTimestamp = "future_timestamp"
  case wrongType = "wrong_type"
  case nonFinite = "non_finite"
  case outOfRange = "out_of_range"
  /// A record of another event than an evaluation.
  case otherEvent = "other_event"

  init(_ rejection: Rejection) {
    self =
      switch rejection {
      case .tooLarge: .tooLarge
      case .invalidJSON: .invalidJSON
      case .notObject: .notObject
      case .badTimestamp: .badTimestamp
      case .futureTimestamp: .futureTimestamp
      case .wrongType: .wrongType
      case .nonFinite: .nonFinite
      case .outOfRange: .outOfRange
      }
  }

  init(_ fault: EvidenceValidator.Fault) {
    self =
      fault.field?.utf8.elementsEqual(EvidenceValidator.eventField.utf8) == true
      ? .badEvent : PushReason(fault.rejection)
  }
}

/// A push as it arrived.
struct Push: Sendable {
  enum Content: Hashable, Sendable {
    /// One payload.
    case object
    /// One payload a line.
    case lines
    /// A request to export logs.
    case logs(LogsAnswer.Encoding)
  }

  var content: Content
  var body: [UInt8]
  var isCompressed = false
  /// The client's `Idempotency-Key`.
  var key: [UInt8]?

  var `protocol`: PushProtocol {
    switch content {
    case .object, .lines: .evidence
    case .logs: .otlp
    }
  }
}

/// What a push is held against.
struct PushLimits: Hashable, Sendable {
  var store: ReceivingStore
  /// Of a body, after decompression.
  var maxBytes: Int
  /// Of one payload.
  var payloadBytes: Int
  var scoreRules: [ScoreRule] = []
}

/// One payload that is refused.
struct PushFault: Hashable, Sendable {
  /// From 1, blank lines counted.
  var line: Int
  var reason: PushReason
  /// As its path in the payload; `nil` for the payload as a whole.
  var field: String?
  /// What is wrong, as the end of a sentence.
  var problem: String
}

/// What becomes of a push.
enum PushOutcome: Hashable, Sendable {
  case accepted(ReceivedReceipt, isReplayed: Bool)
  /// The body is not what its header says, or empty.
  case malformed(String)
  case tooLarge
  /// With the first faults, and how many of how many payloads have one.
  case refused([PushFault], bad: Int, of: Int)
  /// The key belongs to another body.
  case keyTaken
  case unavailable(String)
}

/// A push that can be written, or what becomes of it.
enum PreparedPush: Sendable {
  case ready(ReceivedBatch, rejected: [PushReason: Int])
  case settled(PushOutcome, rejected: [PushReason: Int])
}
