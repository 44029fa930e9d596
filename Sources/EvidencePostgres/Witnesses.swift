import EvidenceStore
import ReflexiveCore

/// A few of the rows that were counted, which show whether a table is still the one that was read: the
/// latest 8, and others up to half a million rows back.
struct Witnesses: Hashable, Sendable {
  struct Row: Hashable, Sendable {
    var id: Int64
    var fingerprint: RowFingerprint
  }

  static let latestCount = 8
  /// Of the rows 16, 32, 64 … back.
  private static let distances = 4...19

  /// Oldest first.
  private(set) var latest: [Row] = []
  /// The latest row whose number is a multiple of the distance, and the one before.
  private var newer: [Row?] = Array(repeating: nil, count: distances.count)
  private var older: [Row?] = Array(repeating: nil, count: distances.count)
  private var count: UInt64 = 0

  init() {}

  var all: [Row] { latest + older.compactMap(\.self) }

  /// Takes in rows that were counted.
  mutating func add(_ batch: EvidenceBatch, time: StoreInfo.TimeColumn) {
    func witness(_ row: EvidenceRow) -> Row {
      Row(id: row.id, fingerprint: RowFingerprint(row, in: batch, time: time))
    }
    for row in batch.rows {
      count &+= 1
      guard count.isMultiple(of: 16) else { continue }
      let witness = witness(row)
      for (index, distance) in Self.distances.enumerated()
      where count.isMultiple(of: 1 << UInt64(distance)) {
        older[index] = newer[index]
        newer[index] = witness
      }
    }
    latest = (latest + batch.rows.suffix(Self.latestCount).map(witness)).suffix(Self.latestCount)
  }
}

/// What became of the witnesses.
struct WitnessReport: Hashable, Sendable {
  var matching = 0
  var missing = 0
  var differing = 0
  /// Of the latest 8.
  var latestMissing = 0
  var latestDiffering = 0

  var total: Int { matching + missing + differing }

  init() {}

  /// - Parameter found: the rows that the table has at the ids of the witnesses.
  init(_ witnesses: Witnesses, _ found: EvidenceBatch, time: StoreInfo.TimeColumn) {
    var prints: [Int64: RowFingerprint] = [:]
    for row in found.rows { prints[row.id] = RowFingerprint(row, in: found, time: time) }
    let latest = Set(witnesses.latest.map(\.id))
    for witness in witnesses.all {
      guard let print = prints[witness.id] else {
        missing += 1
        if latest.contains(witness.id) { latestMissing += 1 }
        continue
      }
      if print.matches(witness.fingerprint) {
        matching += 1
      } else {
        differing += 1
        if latest.contains(witness.id) { latestDiffering += 1 }
      }
    }
  }
}

extension Witnesses: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&latest)
    try coder.code(&newer)
    try coder.code(&older)
    try coder.code(&count)
    try coder.expect(
      latest.count <= Self.latestCount && newer.count == Self.distances.count
        && older.count == Self.distances.count)
  }
}

extension Witnesses.Row: BinaryFields {
  static var blank: Self { Self(id: 0, fingerprint: .blank) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&id)
    try coder.code(&fingerprint)
  }
}
