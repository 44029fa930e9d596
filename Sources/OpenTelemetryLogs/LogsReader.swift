/// Reads requests to export logs, in both of their forms.
package struct LogsReader: Sendable {
  private let interest: LogsBuilder.Interest

  /// - Parameters:
  ///   - eventName: of the records that are kept.
  ///   - keepsAttribute: whether an attribute of a record or a resource is kept.
  package init(eventName: String, keepsAttribute: @escaping @Sendable (String) -> Bool) {
    interest = LogsBuilder.Interest(eventName: eventName, keepsAttribute: keepsAttribute)
  }

  /// Reads protobuf.
  package func read(protobuf bytes: [UInt8]) throws(LogsError) -> LogsRequest {
    try WireReader.read(bytes, interest)
  }

  /// Reads JSON.
  package func read(json bytes: [UInt8]) throws(LogsError) -> LogsRequest {
    try JSONReader.read(bytes, interest)
  }
}
