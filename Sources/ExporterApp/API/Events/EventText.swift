/// The lines of server-sent events (HTML Living Standard, section 9.2).
enum EventText {
  /// A comment, which keeps a proxy from taking the connection for dead.
  static let comment = Array(":\n\n".utf8)

  /// - Parameter id: where a client that is cut off resumes. Without one, it keeps the id before.
  static func event(_ name: String, id: Int64? = nil, _ data: JSON) -> [UInt8] {
    var bytes = id.map { Array("id: \($0)\n".utf8) } ?? []
    bytes += "event: \(name)\ndata: ".utf8
    data.write(to: &bytes)
    bytes += "\n\n".utf8
    return bytes
  }

  /// The id after which a client that is cut off resumes, without an event.
  static func position(_ id: Int64) -> [UInt8] { Array("id: \(id)\n\n".utf8) }
}
