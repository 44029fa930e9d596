import EvidenceStore
import Following
import ReflexiveCore

extension StoreSnapshot {
  /// The store as `/api/v1/stores` shows it.
  ///
  /// - Parameter receives: whether evidence can be pushed to it.
  func json(receives: Bool) -> JSON {
    let rows = evidence.map { $0.events.reduce(0) { $0 + $1.rows } }
    let members = [
      JSON.Member("store", .text(name)), JSON.Member("path", .text(path)),
      JSON.Member("up", .bool(status.isUp)), JSON.Member("is_ready", .bool(evidence != nil)),
      JSON.Member("rows", .integer(ifKnown: rows)),
      JSON.Member("tail_id", .integer(status.tailID)),
      JSON.Member("backlog_rows", .integer(status.backlog)),
      JSON.Member("journal_mode", .text(ifKnown: status.info?.journalMode)),
      JSON.Member("time_column", .text(ifKnown: status.info?.timeColumn.description)),
      JSON.Member("size_bytes", .integer(ifKnown: status.sizeBytes)),
      JSON.Member("rejected", rejected),
      JSON.Member("resets", .counts(ResetReason.allCases) { status.resets[$0] ?? 0 }),
      JSON.Member(
        "read_errors", .counts(StoreReadError.Kind.allCases) { status.readErrors[$0] ?? 0 }),
    ]
    return .object(
      members + .time("last_evidence", evidence?.events.compactMap(\.lastTime).max())
        + [JSON.Member("receives", .bool(receives))])
  }

  /// The rejected rows by reason; empty until the store has been read to its end.
  private var rejected: JSON {
    guard let evidence else { return .object([]) }
    return .counts(Rejection.allCases) { evidence.rejected[$0] ?? 0 }
  }
}
