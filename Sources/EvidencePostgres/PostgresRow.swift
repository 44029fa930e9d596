import CPostgres

/// One row of a result, in binary.
struct PostgresRow: ~Copyable {
  private let result: OpaquePointer

  init(_ result: OpaquePointer) { self.result = result }

  deinit { pq_clear(result) }

  var status: Int { Int(pq_status(result)) }

  /// The fields of an error: `C` and `M` in the protocol.
  var sqlState: String? { field("C") }
  var message: String { field("M") ?? "" }

  private func field(_ code: Unicode.Scalar) -> String? {
    pq_error_field(result, Int32(code.value)).map { String(cString: $0) }
  }

  func isNull(_ column: Int32) -> Bool { pq_is_null(result, 0, column) }

  /// The bytes of a value that is not NULL.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: pq_value(result, 0, column), count: Int(pq_length(result, 0, column)))
  }

  func text(_ column: Int32) -> String? {
    isNull(column) ? nil : String(decoding: bytes(column), as: UTF8.self)
  }

  func bool(_ column: Int32) -> Bool? { isNull(column) ? nil : bytes(column).first == 1 }

  /// A value of type `int8`, `timestamp`, `timestamptz`.
  func int64(_ column: Int32) -> Int64? {
    guard !isNull(column) else { return nil }
    let bytes = bytes(column)
    guard bytes.count == 8 else { return nil }
    return Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
  }

  func int32(_ column: Int32) -> Int32? {
    guard !isNull(column) else { return nil }
    let bytes = bytes(column)
    guard bytes.count == 4 else { return nil }
    return Int32(bigEndian: bytes.loadUnaligned(as: Int32.self))
  }

  func double(_ column: Int32) -> Double? {
    int64(column).map { Double(bitPattern: UInt64(bitPattern: $0)) }
  }
}
