import Foundation
import Testing

extension EndToEndTests {
  /// A receiver on a disk that is full, and then read-only.
  @Suite(.enabled(if: Rights.isRoot, Rights.reason))
  struct ReceiverDiskTests {
    @Test func onAFullOrReadOnlyDiskAPushIsRefusedAndItsRetryStoredOnce() throws {
      let tool = try Tool.run(
        "unshare",
        ["--mount", "python3", Paths.python + "/receiver_disk.py", Paths.exporter])
      #expect(tool.status == 0, "\(tool.output)\(tool.errors)")
      print(tool.output)
    }
  }
}
