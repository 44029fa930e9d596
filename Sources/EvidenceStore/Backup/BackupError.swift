/// The reason why a copy could not be made, or is wrong.
package struct BackupError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
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
