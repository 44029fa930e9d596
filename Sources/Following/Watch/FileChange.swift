import LinuxSystem

/// A change that file events report of one store's files. Each case tells more than the one before.
enum FileChange: Comparable, Sendable {
  /// The index of a WAL was closed. The WAL is closed next, unless it was only read, as the
  /// exporter does.
  case closing
  /// A file was written to. The commit may not be visible yet.
  case written
  /// A file was closed or a journal deleted: what was written before is committed.
  case finished
  /// The database or its directory was moved, deleted or created, or the names or rights of the
  /// database changed: the watch may no longer fit.
  case moved

  /// The file of a database that an event is about.
  enum Part: String, CaseIterable, Hashable, Sendable {
    case database = ""
    case wal = "-wal"
    case journal = "-journal"
    case index = "-shm"
  }

  /// - Returns: `nil` for an event that no commit raises.
  init?(_ kinds: FileEventQueue.Kinds, of part: Part) {
    switch part {
    case .index where kinds.contains(.closed): self = .closing
    case .index: return nil
    case .database where !kinds.isDisjoint(with: [.created, .deleted, .moved, .attributes]):
      self = .moved
    default: self = kinds.isDisjoint(with: [.closed, .deleted, .moved]) ? .written : .finished
    }
  }
}
