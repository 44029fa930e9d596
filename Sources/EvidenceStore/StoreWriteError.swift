/// The reason why a store could not be created or written.
package struct StoreWriteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path, and what is wrong.
  package var message: String
  /// The index of the refused row; `nil` if no single row is at fault.
  package var refusedRow: Int?

  package init(_ message: String, refusedRow: Int? = nil) {
    self.message = message
    self.refusedRow = refusedRow
  }

  package var description: String { message }
}
