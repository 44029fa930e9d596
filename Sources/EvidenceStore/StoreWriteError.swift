/// Why a store could not be created or written.
package struct StoreWriteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path, and what is wrong.
  package var message: String
  /// Which of the rows was refused, counted from 0; `nil` where it was not one row's fault.
  package var refusedRow: Int?

  package init(_ message: String, refusedRow: Int? = nil) {
    self.message = message
    self.refusedRow = refusedRow
  }

  package var description: String { message }
}
