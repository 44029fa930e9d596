import ConfigurationFiles
import EvidenceStore
import ReflexiveCore

/// The protocol of a push. The raw value is the label value of `reflexive_receiver_*`.
enum PushProtocol: String, CaseIterable, Hashable, Sendable {
  case evidence
  /// OpenTelemetry.
  case otlp
}

/// The reason why a payload is refused or left out. The raw value is the label value of
/// `reflexive_receiver_rejected_total`.
enum PushReason: String, CaseIterable, Hashable, Sendable {
  case tooLarge = "too_large"
  case invalidJSON = "invalid_json"
  case notObject = "not_object"
  /// The event is not a non-empty string.
  case badEvent = "bad_event"
  case badTimestamp = "bad_timestamp"
  case futureTimestamp = "future_timestamp"
  case wrongType = "wrong_type"
  case nonFinite = "non_finite"
  case outOfRange = "out_of_range"
  /// A record of an event other than an evaluation.
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
    /// One payload per line.
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

/// The limits and settings for a push.
struct PushLimits: Hashable, Sendable {
  var store: ReceivingStore
  /// The largest body in bytes, after decompression.
  var maxBytes: Int
  /// The largest payload in bytes.
  var payloadBytes: Int
  var scoreRules: [ScoreRule] = []
}

/// The fault of one refused payload.
struct PushFault: Hashable, Sendable {
  /// The number of the line, from 1, with blank lines counted.
  var line: Int
  var reason: PushReason
  /// The path of the field in the payload; `nil` for the whole payload.
  var field: String?
  /// The problem, as the end of a sentence.
  var problem: String
}

/// The outcome of a push.
enum PushOutcome: Hashable, Sendable {
  case accepted(ReceivedReceipt, isReplayed: Bool)
  /// The body is empty, or not what its header says.
  case malformed(String)
  case tooLarge
  /// The first faults, and the number of payloads that have one among all.
  case refused([PushFault], bad: Int, of: Int)
  /// The key belongs to another body.
  case keyTaken
  case unavailable(String)
}

/// A push that is ready to be written, or its outcome.
enum PreparedPush: Sendable {
  case ready(ReceivedBatch, rejected: [PushReason: Int])
  case settled(PushOutcome, rejected: [PushReason: Int])
}
