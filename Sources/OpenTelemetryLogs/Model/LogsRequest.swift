/// The evaluations in a request to export logs. The rest of the request is checked and left out.
///
/// Source: opentelemetry-proto, `ExportLogsServiceRequest`.
package struct LogsRequest: Hashable, Sendable {
  /// The resources that have records.
  package var resources: [ResourceLogs] = []
  /// The number of records of other events.
  package var otherRecords = 0

  package init() {}
}

/// The records of one resource.
package struct ResourceLogs: Hashable, Sendable {
  package var attributes: [LogAttribute] = []
  package var records: [LogRecord] = []

  package init() {}
}

/// A record of an evaluation.
package struct LogRecord: Hashable, Sendable {
  /// In nanoseconds since 1970; 0 if it is unknown.
  package var time: UInt64 = 0
  package var observedTime: UInt64 = 0
  package var traceID: [UInt8] = []
  package var spanID: [UInt8] = []
  package var eventName = ""
  package var attributes: [LogAttribute] = []

  package init() {}
}

package struct LogAttribute: Hashable, Sendable {
  package var key: String
  package var value: Value

  package init(key: String, value: Value) {
    self.key = key
    self.value = value
  }

  package enum Value: Hashable, Sendable {
    case text(String)
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    /// Nothing, bytes, a list or a map.
    case other
  }
}

extension [LogAttribute] {
  /// The value of a key. The last of two equal keys counts.
  package subscript(key: String) -> LogAttribute.Value? {
    last { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }
}

/// The reason why a request is refused as a whole.
package struct LogsError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
