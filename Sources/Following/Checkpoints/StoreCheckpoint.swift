import EvidenceStore
import ReflexiveCore

/// What the rows of one store up to a position have come to: all that a restart needs to go on
/// from there.
struct StoreCheckpoint: Sendable {
  /// Whose checkpoint it is.
  struct Subject: Sendable {
    /// Of the store.
    var name: String
    /// Of the database, absolute.
    var path: String
  }

  /// Under which the rows were counted.
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
  ///   - bytes: of a checkpoint file, or of anything else.
  ///   - settings: under which it is to be used.
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

  /// By bytes.
  func isSame(as other: Self) -> Bool {
    LabelValue(name) == LabelValue(other.name) && LabelValue(path) == LabelValue(other.path)
  }

  /// The name of its file: nothing of it comes from outside but through a hash.
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
  /// The same of two settings exactly where both count the rows alike.
  fileprivate var countingBytes: [UInt8] {
    var writer = ByteWriter()
    indicators.writeCounting(to: &writer)
    writer.write(scoreScale)
    writer.write(payloadLimit)
    return writer.bytes
  }
}
