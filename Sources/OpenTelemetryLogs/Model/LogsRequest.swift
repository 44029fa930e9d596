/// What a request to export logs says of evaluations: the rest of it is checked and left out.
///
/// Source: opentelemetry-proto, `ExportLogsServiceRequest`.
package struct LogsRequest: Hashable, Sendable {
  /// Those with records.
  package var resources: [ResourceLogs] = []
  /// Records of other events.
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
  /// Nanoseconds since 1970; 0 where it is not known.
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
  /// The value of a key; of two with the same key the last counts.
  package subscript(key: String) -> LogAttribute.Value? {
    last { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }
}

/// Why a request is refused as a whole.
package struct LogsError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
