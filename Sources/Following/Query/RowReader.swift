import EvidenceStore
import ReflexiveCore

/// Reads rows of one store by id and decodes them as of one moment, with names of any length.
struct RowReader {
  /// The number of rows that one snapshot reads, which takes some milliseconds.
  private static let chunk = 250
  /// The bytes of payloads after which a snapshot ends.
  private static let byteLimit = 4 << 20
  /// The number of ids that one snapshot counts.
  private static let countedChunk = 50_000

  let filter: EvidenceFilter
  let now: UnixTime
  private let source: any RowSource
  private let decoder: EvidenceDecoder
  private let deadline: ContinuousClock.Instant
  private let time: TimeSource

  init(_ store: FollowedStore, _ filter: EvidenceFilter, until deadline: ContinuousClock.Instant) {
    let settings = store.settings
    self.filter = filter
    self.deadline = deadline
    time = store.time
    now = store.time.wall()
    source = store.rows
    decoder = EvidenceDecoder(scoreScale: settings.scoreScale, nameLimit: .max)
  }

  /// The rows for some ids.
  struct Rows {
    /// The rows that exist and match, in the order of the requested ids.
    var matching: [ListedEvidence] = []
    /// The ids that have no row.
    var gone: [Int64] = []
  }

  func rows(_ ids: some Collection<Int64>) throws(EvidenceSearchError) -> Rows {
    var rows = Rows()
    var rest = ids[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(try append(rest.prefix(Self.chunk), to: &rows))
    }
    return rows
  }

  /// - Returns: the number of ids that were looked at.
  private func append(
    _ ids: some Collection<Int64>, to rows: inout Rows
  ) throws(EvidenceSearchError) -> Int {
    var batch = EvidenceBatch()
    let (gone, count) = try read { (rows) throws(StoreReadError) in
      batch.removeAll()
      var (gone, count) = ([Int64](), 0)
      for id in ids where batch.bytes.count < Self.byteLimit {
        if try !rows.append(id: id, to: &batch) { gone.append(id) }
        count += 1
      }
      return (gone, count)
    }
    rows.gone += gone
    rows.matching += matching(&batch)
    return count
  }

  /// The rows of the batch that match.
  func matching(_ batch: inout EvidenceBatch) -> [ListedEvidence] {
    decoder.decode(&batch, now: now)
    let bytes = batch.bytes
    return batch.evidence.filter { filter.matches($0, in: bytes) }.map {
      ListedEvidence($0, in: bytes)
    }
  }

  /// One row, whether it matches or not.
  func row(id: Int64) throws(EvidenceSearchError) -> StoredEvidence? {
    var batch = EvidenceBatch()
    let payload = try read { (rows) throws(StoreReadError) -> [UInt8]?? in
      batch.removeAll()
      guard try rows.append(id: id, to: &batch) else { return nil }
      return .some(try rows.storedPayload(id: id))
    }
    decoder.decode(&batch, now: now)
    guard let payload, let row = batch.evidence.first else { return nil }
    return StoredEvidence(row: ListedEvidence(row, in: batch.bytes), payload: payload)
  }

  func count(after id: Int64, through last: Int64) throws(EvidenceSearchError) -> Int {
    var (count, position) = (0, id)
    while position < last {
      let counted = try read { [position] (rows) throws(StoreReadError) in
        try rows.count(after: position, through: last, limit: Self.countedChunk)
      }
      count += counted.count
      guard let end = counted.last else { break }
      position = end
    }
    return count
  }

  func ids(in span: ClosedRange<Int64>) throws(EvidenceSearchError) -> [Int64] {
    try read { (rows) throws(StoreReadError) in try rows.ids(in: span) }
  }

  func read<Result>(
    _ body: (any StoredRows) throws(StoreReadError) -> Result
  ) throws(EvidenceSearchError) -> Result {
    try checkTime()
    let patience = time.monotonic().duration(to: deadline)
    do throws(StoreReadError) {
      return try source.read(patience: patience, body)
    } catch {
      throw .unreadable(error)
    }
  }

  func checkTime() throws(EvidenceSearchError) {
    guard time.monotonic() < deadline else { throw .timedOut }
  }
}
