import FoundationEssentials
import LinuxSystem
import ReflexiveCore

/// Describes a copy. It is written beside the copy, as `COPY.json`.
package struct BackupManifest: Codable, Hashable, Sendable {
  package var store: String
  /// The absolute path of the database.
  package var path: String
  package var rows: Int64
  package var firstID: Int64?
  package var lastID: Int64?
  package var sha256: String
  package var bytes: Int64
  /// When the copy ended.
  package var time: String

  enum CodingKeys: String, CodingKey {
    case store, path, rows, sha256, bytes, time
    case firstID = "first_id"
    case lastID = "last_id"
  }

  /// Creates the manifest of a copy that was just read through.
  init(
    store: String, path: String, copy: String, evidence: CopiedEvidence, now: UnixTime
  ) throws(BackupError) {
    let digest = try FileDigest.read(copy)
    self.store = store
    self.path = path
    rows = evidence.rows
    firstID = evidence.firstID
    lastID = evidence.lastID
    sha256 = digest.sha256
    bytes = digest.bytes
    time = now.calendarText
  }

  package static func path(ofCopy copy: String) -> String { copy + ".json" }

  /// Reads the manifest of a copy.
  package static func read(ofCopy copy: String) throws(BackupError) -> BackupManifest {
    let path = path(ofCopy: copy)
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw BackupError("\(path): there is no manifest that can be read")
    }
    do {
      return try JSONDecoder().decode(BackupManifest.self, from: data)
    } catch {
      throw BackupError("\(path): this is not the manifest of a copy")
    }
  }

  func write(ofCopy copy: String) throws(BackupError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      throw BackupError("\(copy): its manifest cannot be written as JSON")
    }
    try asBackup { () throws(SystemFailure) in
      let file = try PartialFile(for: Self.path(ofCopy: copy))
      try file.write(Array(data) + [0x0A])
      try file.publish()
    }
  }

  /// The differences between the copy and this manifest; empty if there are none.
  package func disagreements(withCopy copy: String) -> [String] {
    var found: [String] = []
    do throws(BackupError) {
      let digest = try FileDigest.read(copy)
      if digest.bytes != bytes { found.append("bytes: \(digest.bytes), not \(bytes)") }
      if digest.sha256 != sha256 { found.append("sha256: \(digest.sha256), not \(sha256)") }
      let evidence = try CopyCheck.read(copy)
      if evidence.rows != rows { found.append("rows: \(evidence.rows), not \(rows)") }
      for (name, there, wanted) in [
        ("first_id", evidence.firstID, firstID), ("last_id", evidence.lastID, lastID),
      ] where there != wanted {
        found.append("\(name): \(Self.text(there)), not \(Self.text(wanted))")
      }
    } catch {
      found.append(error.description)
    }
    return found
  }

  /// Whether the size and the digest of the copy match the manifest.
  func fits(_ copy: String) -> Bool {
    guard let digest = try? FileDigest.read(copy) else { return false }
    return digest == (sha256, bytes)
  }

  private static func text(_ id: Int64?) -> String { id.map(String.init) ?? "none" }
}
