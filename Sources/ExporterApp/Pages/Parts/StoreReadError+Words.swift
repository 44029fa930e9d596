import EvidenceStore

extension StoreReadError.Kind {
  /// Why a store can't be read, as the end of a sentence, with the name that metrics and the log have
  /// for it.
  var words: String { "\(explanation) (\(rawValue))" }

  private var explanation: String {
    switch self {
    case .missing: "there is no such file, server or database"
    case .locked: "another process has locked it"
    case .corrupt: "it is damaged, or no database"
    case .schema: "it has no table of evidence with the columns that are needed"
    case .permission: "the exporter is not allowed to read it"
    case .recovery: "its next writer, or its server, has to recover it first"
    case .io: "the disk, the file system or the connection fails"
    }
  }
}
