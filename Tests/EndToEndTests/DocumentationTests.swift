import Foundation
import Testing

extension EndToEndTests {
  /// The documentation matches what the exporter serves and its flags, and its links work.
  struct DocumentationTests {
    private static let root = URL(fileURLWithPath: Paths.tests).deletingLastPathComponent()
      .deletingLastPathComponent().path
    private static let golden = root + "/Tests/ExporterAppTests/Golden/exposition.txt"

    @Test func thePagesAgreeWithWhatTheyDocument() throws {
      let tool = try Tool.python("docs_check.py", [Paths.exporter, Self.golden])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
    }

    @Test func aMetricThatNoPageDocumentsIsNoticed() throws {
      let scratch = try ScratchDirectory()
      let page = try String(contentsOfFile: Self.golden, encoding: .utf8)
        .replacing("reflexive_qsr_average", with: "reflexive_qsr_mean")
      let tool = try Tool.python(
        "docs_check.py", [Paths.exporter, try scratch.write("page.txt", page), Self.root])
      #expect(tool.status == 1 && tool.output.contains("reflexive_qsr_mean is missing"))
    }
  }
}
