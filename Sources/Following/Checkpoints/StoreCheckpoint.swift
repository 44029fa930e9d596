import EvidenceStore
import ReflexiveCore

/// The indicators of one store's rows up to a position: all that a restart needs to go on from
/// there.
struct StoreCheckpoint: Sendable {
  /// The store that a checkpoint belongs to.
  struct Subject: Sendable {
    /// The name of the store.
    var name: String
    /// The absolute path of the database.
    var path: String
  }

  /// The settings that the rows were counted under.
  var settings: FollowedStore.Settings
  var position: TailPosition
  var indicators: StoreIndicators

  /// The bytes of a checkpoint file.
  func encode(for subject: Subject) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(subject)
    writer.write(settings.countingBytes)
    writer.write(position)
    indicators.write(to: &writer)
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
        let counting = try reader.read([UInt8].self)
        guard counting == settings.countingBytes else { return .failure(.otherSettings) }
        let checkpoint = StoreCheckpoint(
          settings: settings, position: try reader.read(),
          indicators: try StoreIndicators(settings.indicators, from: &reader))
        try reader.expectEnd()
        return .success(checkpoint)
      } catch {
        return .failure(.damaged)
      }
    }
  }
}

extension StoreCheckpoint.Subject: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(name)
    writer.write(path)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    name = try reader.read()
    path = try reader.read()
  }

  /// Compares bytes.
  func isSame(as other: Self) -> Bool {
    LabelValue(name) == LabelValue(other.name) && LabelValue(path) == LabelValue(other.path)
  }

  /// The name of its file: a hash, because the name and the path of a store can be any text.
  var fileName: String {
    var writer = ByteWriter()
    writer.write(self)
    var digest = Digest()
    digest.combine(bytes: writer.bytes.span)
    let digits = String(digest.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits + ".checkpoint"
  }
}

extension FollowedStore.Settings {
  /// Equal for two settings exactly if both count the rows alike.
  fileprivate var countingBytes: [UInt8] {
    var writer = ByteWriter()
    indicators.writeCounting(to: &writer)
    writer.write(scoreScale)
    writer.write(payloadLimit)
    return writer.bytes
  }
}
