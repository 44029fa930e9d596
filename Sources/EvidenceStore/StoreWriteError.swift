/// Why a store could not be created or written.
package struct StoreWriteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The path, and what is wrong.
  package var message: String

  package init(_ message: String) {
    self.message = message
  }

  package var description: String { message }
}
