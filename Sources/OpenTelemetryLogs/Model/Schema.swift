/// The messages that logs are made of. This is the only definition that both readers use.
///
/// Source: opentelemetry-proto, `logs.proto`, `common.proto`, `resource.proto` and
/// `logs_service.proto`.
enum Message: Hashable, Sendable {
  case request, resourceLogs, resource, entityReference, scopeLogs, scope, record
  case keyValue, anyValue, arrayValue, keyValueList

  /// A field of a message.
  struct Field: Hashable, Sendable {
    var number: UInt32
    /// The name in JSON.
    var name: String
    var kind: Kind
    var isRepeated = false
  }

  enum Kind: Hashable, Sendable {
    case message(Message)
    case text
    /// Bytes. JSON has them as Base64, or as hexadecimal digits if `isHex`.
    case bytes(isHex: Bool)
    case bool
    /// A number that is encoded as a varint.
    case integer
    /// Eight bytes.
    case fixed64
    /// Four bytes.
    case fixed32
    case double
  }

  var fields: [Field] {
    switch self {
    case .request: Self.requestFields
    case .resourceLogs: Self.resourceLogsFields
    case .resource: Self.resourceFields
    case .entityReference: Self.entityFields
    case .scopeLogs: Self.scopeLogsFields
    case .scope: Self.scopeFields
    case .record: Self.recordFields
    case .keyValue: Self.keyValueFields
    case .anyValue: Self.anyValueFields
    case .arrayValue: Self.arrayFields
    case .keyValueList: Self.keyValueListFields
    }
  }

  private static let requestFields = [
    Field(number: 1, name: "resourceLogs", kind: .message(.resourceLogs), isRepeated: true)
  ]
  private static let resourceLogsFields = [
    Field(number: 1, name: "resource", kind: .message(.resource)),
    Field(number: 2, name: "scopeLogs", kind: .message(.scopeLogs), isRepeated: true),
    Field(number: 3, name: "schemaUrl", kind: .text),
  ]
  private static let resourceFields = [
    Field(number: 1, name: "attributes", kind: .message(.keyValue), isRepeated: true),
    Field(number: 2, name: "droppedAttributesCount", kind: .integer),
    Field(number: 3, name: "entityRefs", kind: .message(.entityReference), isRepeated: true),
  ]
  private static let entityFields = [
    Field(number: 1, name: "schemaUrl", kind: .text), Field(number: 2, name: "type", kind: .text),
    Field(number: 3, name: "idKeys", kind: .text, isRepeated: true),
    Field(number: 4, name: "descriptionKeys", kind: .text, isRepeated: true),
  ]
  private static let scopeLogsFields = [
    Field(number: 1, name: "scope", kind: .message(.scope)),
    Field(number: 2, name: "logRecords", kind: .message(.record), isRepeated: true),
    Field(number: 3, name: "schemaUrl", kind: .text),
  ]
  private static let scopeFields = [
    Field(number: 1, name: "name", kind: .text), Field(number: 2, name: "version", kind: .text),
    Field(number: 3, name: "attributes", kind: .message(.keyValue), isRepeated: true),
    Field(number: 4, name: "droppedAttributesCount", kind: .integer),
  ]
  private static let recordFields = [
    Field(number: 1, name: "timeUnixNano", kind: .fixed64),
    Field(number: 11, name: "observedTimeUnixNano", kind: .fixed64),
    Field(number: 2, name: "severityNumber", kind: .integer),
    Field(number: 3, name: "severityText", kind: .text),
    Field(number: 5, name: "body", kind: .message(.anyValue)),
    Field(number: 6, name: "attributes", kind: .message(.keyValue), isRepeated: true),
    Field(number: 7, name: "droppedAttributesCount", kind: .integer),
    Field(number: 8, name: "flags", kind: .fixed32),
    Field(number: 9, name: "traceId", kind: .bytes(isHex: true)),
    Field(number: 10, name: "spanId", kind: .bytes(isHex: true)),
    Field(number: 12, name: "eventName", kind: .text),
  ]
  private static let keyValueFields = [
    Field(number: 1, name: "key", kind: .text),
    Field(number: 2, name: "value", kind: .message(.anyValue)),
  ]
  private static let anyValueFields = [
    Field(number: 1, name: "stringValue", kind: .text),
    Field(number: 2, name: "boolValue", kind: .bool),
    Field(number: 3, name: "intValue", kind: .integer),
    Field(number: 4, name: "doubleValue", kind: .double),
    Field(number: 5, name: "arrayValue", kind: .message(.arrayValue)),
    Field(number: 6, name: "kvlistValue", kind: .message(.keyValueList)),
    Field(number: 7, name: "bytesValue", kind: .bytes(isHex: false)),
    Field(number: Self.indexedText, name: "stringValueStrindex", kind: .integer),
  ]
  /// The index of a text in a profile's table. Logs have no such table.
  static let indexedText: UInt32 = 8
  private static let arrayFields = [
    Field(number: 1, name: "values", kind: .message(.anyValue), isRepeated: true)
  ]
  private static let keyValueListFields = [
    Field(number: 1, name: "values", kind: .message(.keyValue), isRepeated: true)
  ]
}

/// The value of a field that is not a message.
enum Scalar: Hashable, Sendable {
  case text(String)
  case bytes([UInt8])
  case bool(Bool)
  case integer(Int64)
  case unsigned(UInt64)
  case double(Double)
}
