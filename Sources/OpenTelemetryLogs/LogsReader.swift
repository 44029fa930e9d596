/// Reads requests to export logs, in both encodings.
package struct LogsReader: Sendable {
  private let interest: LogsBuilder.Interest

  /// - Parameters:
  ///   - eventName: the event of the records to keep.
  ///   - keepsAttribute: whether to keep an attribute of a record or a resource.
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
