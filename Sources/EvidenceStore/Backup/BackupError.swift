/// Why a copy was not made, or is not right.
package struct BackupError: Error, Hashable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
  init(_ error: StoreReadError) { description = error.description }
}

/// Runs `body` with whatever it throws as a ``BackupError``.
func asBackup<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(BackupError) -> Result {
  do throws(Failure) {
    return try body()
  } catch {
    throw BackupError("\(error)")
  }
}
