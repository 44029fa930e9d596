extension EvidenceTail {
  /// The result of a quick check.
  package enum Check: Hashable, Sendable {
    /// A pass may find something new: there was a commit, the file was replaced, or the latest pass
    /// failed or did not reach the end.
    case changed
    /// Nothing new. A writer is in a transaction and may commit without another file event.
    case writing
    /// Nothing new. A WAL is open, which a later check closes once it is idle. Every write that
    /// raised a file event has been read.
    case walOpen
    /// Nothing new, and nothing can come until a writer changes the files.
    case idle
  }

  /// The result of ``readBatchAtOnce(into:limit:)``.
  package enum Attempt: Hashable, Sendable {
    /// There is nothing to read.
    case nothing(Check)
    /// The rows of a pass, and the result of a check after it.
    case read(Pass, Check)
    /// There is something to read, but a writer is in a transaction.
    case locked
    /// The file has to be opened, or its schema to be loaded: ``readBatch(into:limit:)`` does that.
    case unprepared
  }
}
