import FoundationEssentials
import Logging
import TestSupport

@testable import Metacognition

/// An evidence database in a directory of its own, and a reader of its rows.
final class EvidenceFile {
  private let folder: Folder
  let path: String

  init() throws {
    folder = try Folder()
    path = folder.path + "/evidence.db"
  }

  var directory: String { folder.path }

  func recorder(
    _ logger: Logger, busyTimeout: Duration = .seconds(20), capacity: Int = 10_000
  ) async throws -> EvidenceRecorder {
    try await EvidenceRecorder.open(
      path, busyTimeout: busyTimeout, capacity: capacity, logger: logger)
  }

  /// The payloads, in the order of their ids.
  func payloads() throws -> [JSONValue] {
    let text = try OtherConnection(path).value(
      "SELECT json_group_array(payload) FROM (SELECT payload FROM evidence ORDER BY id)")
    let rows = try JSONDecoder().decode([String].self, from: Data((text ?? "[]").utf8))
    return try rows.map { try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8)) }
  }
}

extension JSONValue {
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var text: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// Why the run of this payload has no score.
  var unscoredReason: String? { self["detail"]?["error"]?.text }
}
