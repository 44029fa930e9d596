/// The reason why a checkpoint is not used, in words for the log.
enum CheckpointRefusal: Error, Hashable {
  case unreadable(String)
  case empty
  case notACheckpoint
  case otherVersion
  case cutShort
  case damaged
  case otherStore
  case otherSettings

  var reason: String {
    switch self {
    case .unreadable(let why): why
    case .empty: "it is empty"
    case .notACheckpoint: "it is not a checkpoint"
    case .otherVersion: "it has another version of the format"
    case .cutShort: "it is cut short"
    case .damaged: "it is damaged"
    case .otherStore: "it belongs to another store"
    case .otherSettings: "it was counted under other settings"
    }
  }
}
