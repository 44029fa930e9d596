import ReflexiveCore

/// The encoding of the rows of an export.
struct ExportEncoding: Sendable {
  var contentType: String
  /// The bytes before the rows.
  var head: [UInt8]
  var append: @Sendable (ListedEvidence, inout [UInt8]) -> Void
  /// The mark of completeness, with the number of rows.
  var end: @Sendable (Int) -> [UInt8]

  /// One object per line.
  static let ndjson = ExportEncoding(
    contentType: "application/x-ndjson", head: [],
    append: { row, bytes in
      row.json.write(to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    },
    end: { count in
      JSON.object([JSON.Member("end", true), JSON.Member("rows", .integer(count))]).bytes
        + [UInt8(ascii: "\n")]
    })

  /// RFC 4180, with a header line.
  static let csv = ExportEncoding(
    contentType: "text/csv; charset=utf-8",
    head: Array((ListedEvidence.memberNames.joined(separator: ",") + "\r\n").utf8),
    append: { row, bytes in
      for (index, member) in row.members.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        member.value.writeCell(to: &bytes)
      }
      bytes += "\r\n".utf8
    }, end: { count in Array("# end,\(count)\r\n".utf8) })
}

extension JSON {
  /// Writes the value as a cell of CSV. `null` is empty. A text that a spreadsheet would take for a
  /// formula begins with an apostrophe.
  fileprivate func writeCell(to bytes: inout [UInt8]) {
    guard case .text(let text) = self else {
      if self != .null { write(to: &bytes) }
      return
    }
    let isFormula = text.utf8.first.map { "=+-@\t".utf8.contains($0) } ?? false
    let quoted = text.utf8.contains { "\",\r\n".utf8.contains($0) }
    if quoted { bytes.append(UInt8(ascii: "\"")) }
    if isFormula { bytes.append(UInt8(ascii: "'")) }
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    if quoted { bytes.append(UInt8(ascii: "\"")) }
  }
}
