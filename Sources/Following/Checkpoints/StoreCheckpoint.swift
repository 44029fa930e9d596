import EvidenceStore
import ReflexiveCore
import RowIndex

/// The indicators of one store's rows up to a position: all that a restart needs to continue there.
struct StoreCheckpoint: Sendable {
  /// The store that a checkpoint belongs to.
  struct Subject: Sendable {
    /// The name of the store.
    var name: String
    /// The absolute path of the database.
    var path: String
  }

  /// The settings with which the rows were counted.
  var settings: FollowedStore.Settings
  /// The highest id ever read, whatever has happened to the file since.
  var greatestID: Int64?
  var position: StorePosition
  var indicators: StoreIndicators
  /// `nil` if there was none.
  var index: IndexCheckpoint?

  /// The bytes of a checkpoint file.
  func encode(for subject: Subject) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(subject)
    writer.write(greatestID)
    writer.write(settings.countingBytes)
    writer.write(position)
    indicators.write(to: &writer)
    writer.write(index)
    return CheckpointFileFormat.seal(writer.bytes)
  }

  /// - Parameters:
  ///   - bytes: the content of a checkpoint file, or anything else.
  ///   - settings: the settings in force.
  static func decode(
    _ bytes: [UInt8], for subject: Subject, _ settings: FollowedStore.Settings
  ) -> Result<StoreCheckpoint, CheckpointRefusal> {
    CheckpointFileFormat.open(bytes).flatMap { content in
      var reader = ByteReader(content)
      do throws(BinaryDecodingError) {
        guard try reader.read(Subject.self).isSame(as: subject) else {
          return .failure(.otherStore)
        }
        let greatestID = try reader.read(Int64?.self)
        let counting = try reader.read([UInt8].self)
        guard counting == settings.countingBytes else { return .failure(.otherSettings) }
        let checkpoint = StoreCheckpoint(
          settings: settings, greatestID: greatestID, position: try reader.read(),
          indicators: try StoreIndicators(settings.indicators, from: &reader),
          index: try reader.read())
        try reader.expectEnd()
        return .success(checkpoint)
      } catch {
        return .failure(.damaged)
      }
    }
  }

  /// The highest id in a checkpoint file, even if its counts cannot be used.
  static func greatestID(in bytes: [UInt8], for subject: Subject) -> Int64? {
    guard case .success(let content) = CheckpointFileFormat.open(bytes) else { return nil }
    var reader = ByteReader(content)
    do throws(BinaryDecodingError) {
      guard try reader.read(Subject.self).isSame(as: subject) else { return nil }
      return try reader.read(Int64?.self)
    } catch {
      return nil
    }
  }
}

extension StoreCheckpoint.Subject: BinaryFields {
  static var blank: Self { Self(name: "", path: "") }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&name)
    try coder.code(&path)
  }

  /// Compares both by their bytes.
  func isSame(as other: Self) -> Bool {
    LabelValue(name) == LabelValue(other.name) && LabelValue(path) == LabelValue(other.path)
  }

  var fileName: String { fileStem + ".checkpoint" }

  /// The file name of the index of its rows.
  var indexName: String { fileStem + ".rows" }

  /// The beginning of the file names: a hash, because the name and the path of a store can be any
  /// text.
  private var fileStem: String {
    var writer = ByteWriter()
    writer.write(self)
    let digits = String(XXH64.hash(writer.bytes.span), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension FollowedStore.Settings {
  /// Bytes that are equal for two settings if and only if both count rows alike.
  fileprivate var countingBytes: [UInt8] {
    var writer = ByteWriter()
    indicators.writeCounting(to: &writer)
    writer.write(scoreScale)
    writer.write(payloadLimit)
    return writer.bytes
  }
}
