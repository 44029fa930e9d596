import Exposition
import Foundation
import Testing

/// Compares both formats with the files in `Golden`, byte by byte.
///
/// With `RECORD_GOLDEN` in the environment it writes the files, and fails.
@Suite struct GoldenTests {
  @Test(arguments: [
    (ExpositionFormat.text, "nasty.text.txt"), (.openMetrics, "nasty.openmetrics.txt"),
  ])
  func theExpositionIsTheGoldenFile(format: ExpositionFormat, name: String) throws {
    var bytes: [UInt8] = []
    format.encode(NastyFamilies.make(), into: &bytes)
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(components: "..", "Golden", name)
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try Data(bytes).write(to: file)
      Issue.record("recorded \(name)")
    }
    let golden = try Data(contentsOf: file)
    #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: golden, as: UTF8.self))
    #expect(Data(bytes) == golden)
  }
}
