/// The reason why a copy could not be made, or is wrong.
package struct BackupError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String
  /// Whether another name for the copy would help, in contrast to a failure of the system.
  package private(set) var isMisuse = false

  init(_ description: String) { self.description = description }
  init(misuse description: String) {
    self.description = description
    isMisuse = true
  }
  init(_ error: StoreReadError) { description = error.description }
}

/// Runs `body` and turns its errors into a ``BackupError``.
func asBackup<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(BackupError) -> Result {
  do throws(Failure) {
    return try body()
  } catch {
    throw BackupError("\(error)")
  }
}
