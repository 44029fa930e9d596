import CSQLite
import ReflexiveCore

/// The database file beneath a WAL, and how much of the WAL has been written back to it.
///
/// Only checkpoints write to that file, and they write pages of the WAL. If the file is overwritten
/// in place (`cp backup.db evidence.db`), SQLite does not notice. It still takes the pages of the
/// old database from the WAL, and the others from the new file.
struct FileBeneathWAL: Hashable {
  enum Change: Hashable {
    /// Nothing was written, or a checkpoint wrote it.
    case none
    /// A checkpoint may be running, so it is too early to tell.
    case unknown
    /// Something else wrote content that looks the same.
    case rewritten
    /// Something else wrote other content, which the WAL does not belong to.
    case overwritten
  }

  var size: Int64
  /// In nanoseconds since 1970.
  var modified: Int64
  /// The header in the file itself, not the one in the WAL.
  var header: UnlockedFile.HeaderVersion
  var index: WALIndex

  /// The change of the file since `earlier`.
  ///
  /// - Parameter isInWAL: whether a frame of the WAL has this header for the first page.
  func change(
    since earlier: FileBeneathWAL, isInWAL: (UnlockedFile.HeaderVersion) -> Bool
  ) -> Change {
    // The WAL starts again only after all of it was written back.
    guard index.salts == earlier.index.salts else { return .none }
    guard header == earlier.header else { return isInWAL(header) ? .none : .overwritten }
    guard size != earlier.size || modified != earlier.modified else { return .none }
    guard !index.isCheckpointing else { return .unknown }
    return index.backfilled == earlier.index.backfilled && !earlier.index.isCheckpointing
      ? .rewritten : .none
  }
}

extension FileBeneathWAL: BinaryFields {
  static var blank: Self { Self(size: 0, modified: 0, header: .blank, index: .blank) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&size)
    try coder.code(&modified)
    try coder.code(&header)
    try coder.code(&index)
  }
}
