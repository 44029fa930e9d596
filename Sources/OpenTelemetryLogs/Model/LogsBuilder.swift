/// Builds a request from what a reader finds, in the order in which it finds it.
///
/// It keeps only what evaluations are made of, so memory is bounded by the bytes that were sent,
/// whatever they say.
struct LogsBuilder {
  /// The events and attributes to keep.
  struct Interest: Sendable {
    var eventName: String
    var keepsAttribute: @Sendable (String) -> Bool
  }

  /// The attribute in which some emitters put the name of the event.
  static let eventNameKey = "event.name"

  private(set) var request = LogsRequest()
  private let interest: Interest
  private var resource = ResourceLogs()
  private var record = LogRecord()
  private var attribute = LogAttribute(key: "", value: .other)
  /// The message that has the attribute being read.
  private var owner = Message.request
  /// The number of open messages that hold nothing of interest.
  private var ignored = 0

  init(_ interest: Interest) { self.interest = interest }

  mutating func enter(_ message: Message, in parent: Message) {
    guard ignored == 0 else {
      ignored += 1
      return
    }
    switch (message, parent) {
    case (.resourceLogs, _): resource = ResourceLogs()
    case (.record, _): record = LogRecord()
    case (.keyValue, .resource), (.keyValue, .record):
      owner = parent
      attribute = LogAttribute(key: "", value: .other)
    case (.anyValue, .keyValue), (.resource, _), (.scopeLogs, _), (.request, _): break
    case (.arrayValue, _), (.keyValueList, _):
      attribute.value = .other
      ignored = 1
    default: ignored = 1
    }
  }

  mutating func leave(_ message: Message) {
    guard ignored == 0 else {
      ignored -= 1
      return
    }
    switch message {
    case .keyValue: endAttribute()
    case .record: endRecord()
    case .resourceLogs: if !resource.records.isEmpty { request.resources.append(resource) }
    default: break
    }
  }

  /// Whether the text or the bytes of a field are used.
  func uses(_ field: Message.Field, of message: Message) -> Bool {
    guard ignored == 0 else { return false }
    return switch message {
    case .keyValue, .anyValue: true
    case .record: field.number >= 9
    default: false
    }
  }

  mutating func set(_ field: Message.Field, of message: Message, to value: Scalar) {
    guard ignored == 0 else { return }
    switch message {
    case .keyValue: if case .text(let key) = value { attribute.key = key }
    case .anyValue:
      attribute.value = field.number == Message.indexedText ? .other : LogAttribute.Value(value)
    case .record: setRecord(field, to: value)
    default: break
    }
  }

  private mutating func setRecord(_ field: Message.Field, to value: Scalar) {
    switch (field.number, value) {
    case (1, .unsigned(let time)): record.time = time
    case (11, .unsigned(let time)): record.observedTime = time
    case (9, .bytes(let bytes)): record.traceID = bytes
    case (10, .bytes(let bytes)): record.spanID = bytes
    case (12, .text(let name)): record.eventName = name
    default: break
    }
  }

  private mutating func endAttribute() {
    let isKept =
      interest.keepsAttribute(attribute.key)
      || owner == .record && attribute.key.utf8.elementsEqual(Self.eventNameKey.utf8)
    guard isKept else { return }
    if owner == .record {
      record.attributes.append(attribute)
    } else {
      resource.attributes.append(attribute)
    }
  }

  private mutating func endRecord() {
    var name = record.eventName
    if name.isEmpty, case .text(let text)? = record.attributes[Self.eventNameKey] { name = text }
    guard name.utf8.elementsEqual(interest.eventName.utf8) else {
      request.otherRecords += 1
      return
    }
    resource.records.append(record)
  }
}

extension LogAttribute.Value {
  fileprivate init(_ scalar: Scalar) {
    self =
      switch scalar {
      case .text(let text): .text(text)
      case .bool(let flag): .bool(flag)
      case .integer(let number): .integer(number)
      case .double(let number): .number(number)
      case .bytes, .unsigned: .other
      }
  }
}
