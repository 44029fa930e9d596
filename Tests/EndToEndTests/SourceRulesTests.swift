import Foundation
import Testing

extension EndToEndTests {
  /// Rules of the source that no compiler holds.
  struct SourceRulesTests {
    /// Files that cut texts of their own, or as a library does.
    private static let exempt = [
      "MetricDescriptor.swift", "RouteTable.swift", "NameReader.swift", "EvidenceTable.swift",
      "StoreName.swift",
    ]

    /// To a `Character`, CR and LF are one, and a combining mark makes a slash another letter.
    @Test func textFromOutsideIsCutByBytesOrScalars() throws {
      let sources = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources")
      let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
        .filter { $0.hasSuffix(".swift") }
      #expect(files.count > 100)
      let cut =
        /\.(hasPrefix|hasSuffix|components)\(|\.split\(separator: "|Index\(of: "|\.contains\("/
      for file in files where !Self.exempt.contains(String(file.split(separator: "/").last ?? "")) {
        let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
        for line in text.split(separator: "\n")
        where line.contains(cut) && !line.contains(/utf8|unicodeScalars/) {
          Issue.record("\(file): \(line)")
        }
      }
    }
  }
}
