import Following
import Foundation
import Logging
import ReflexiveCore
import Synchronization
import Testing

@testable import ExporterApp

struct LineLogHandlerTests {
  private func line(_ format: LogFormat, _ metadata: Logger.Metadata) -> String {
    let written = Lines()
    let time = TimeSource(
      wall: { UnixTime(seconds: 1_795_593_600, nanoseconds: 123_456_000) },
      monotonic: { ContinuousClock.now })
    let logger = Logger(label: "test") { _ in
      LineLogHandler(format: format, level: .info, time: time) { written.append($0) }
    }
    logger.warning("the store cannot be read", metadata: metadata)
    return written.text
  }

  @Test func logfmtHasOneRecordALine() {
    #expect(
      line(.logfmt, ["kind": "io", "path": "/a b"])
        == """
        ts=2026-11-25T08:00:00.123456Z level=warning msg="the store cannot be read" kind=io \
        path="/a b"

        """)
  }

  @Test func whatComesFromOutsideNeitherEndsALineNorRepaintsATerminal() {
    let nasty = "x\nlevel=error\r\u{1B}[31m\u{2028}\u{202E}\"\\=é"
    let expected = #""x\nlevel=error\r\u001b[31m\u2028\u202e\"\\=é""#
    #expect(line(.logfmt, ["path": "\(nasty)"]).hasSuffix("path=\(expected)\n"))
    #expect(line(.json, ["path": "\(nasty)"]).hasSuffix("\"path\":\(expected)}\n"))
  }

  @Test func jsonIsJSON() throws {
    let object = try JSONSerialization.jsonObject(
      with: Data(line(.json, ["path": "\u{0}\u{1F600}\u{E000}"]).utf8))
    #expect((object as? [String: String])?["path"] == "\u{0}\u{1F600}\u{E000}")
  }
}

private final class Lines: Sendable {
  private let bytes = Mutex<[UInt8]>([])

  var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

  func append(_ line: [UInt8]) { bytes.withLock { $0 += line } }
}
