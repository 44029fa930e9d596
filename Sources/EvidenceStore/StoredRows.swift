package import ReflexiveCore

/// Reads single rows of one store, for pages. One caller at a time.
package protocol RowSource {
  /// Runs `body`, which should take some milliseconds at the most.
  ///
  /// - Parameters:
  ///   - patience: how long to wait for writers.
  ///   - body: may run several times. The result of the last run is returned.
  func read<Result>(
    patience: Duration, _ body: (any StoredRows) throws(StoreReadError) -> Result
  ) throws(StoreReadError) -> Result
}

/// The rows of one store, by their ids.
package protocol StoredRows {
  /// Appends the row with this id.
  ///
  /// - Returns: `false` if there is none.
  func append(id: Int64, to batch: inout EvidenceBatch) throws(StoreReadError) -> Bool

  /// Appends rows with ids from `first` on, in order.
  func append(
    from first: Int64, limit: Int, to batch: inout EvidenceBatch
  ) throws(StoreReadError)

  /// The lowest and the highest id; `nil` if there is no row.
  func ends() throws(StoreReadError) -> ClosedRange<Int64>?

  /// The ids in `span`, ascending.
  func ids(in span: ClosedRange<Int64>) throws(StoreReadError) -> [Int64]

  /// The highest ids in `span`, descending.
  func highestIDs(in span: ClosedRange<Int64>, limit: Int) throws(StoreReadError) -> [Int64]

  /// The number of the next rows, and the last of them.
  func count(
    after id: Int64, through last: Int64, limit: Int
  ) throws(StoreReadError) -> (count: Int, last: Int64?)

  /// The payload of a row as text or bytes, whatever its length; `nil` for NULL and for a missing
  /// row.
  func storedPayload(id: Int64) throws(StoreReadError) -> [UInt8]?
}
