import Foundation
import Testing

extension EndToEndTests {
  /// With 64 descriptors in all.
  struct StoreDescriptorsTests {
    private let command = ["prlimit", "--nofile=64:64", Paths.exporter]

    /// More stores than can be open at once: open stores are served, the others are reported.
    @Test func moreStoresThanDescriptorsAreFailuresOfThoseStores() async throws {
      let scratch = try ScratchDirectory()
      for number in 0..<4 {
        let table = try EvidenceTable(scratch.file("\(number).db"))
        try table.recordExecutions("a", [0.5])
      }
      for number in 4..<100 {
        try FileManager.default.copyItem(
          atPath: scratch.file("0.db"), toPath: scratch.file("\(number).db"))
      }
      let exporter = try await Exporter.start(["--store", scratch.path + "/*.db"], by: command)
      let page = try await eventually("every store is up or down") {
        guard let page = try? exporter.scrape() else { return Page?.none }
        return page.stores.count == 100 ? page : nil
      }
      #expect(page.stores.contains(0) && page.stores.contains(1))
      #expect(try exporter.log.contains("raise the limit"))
      #expect(try exporter.get("/-/healthy").status == 200)
      #expect(exporter.stop() == 0)
    }
  }
}

extension Page {
  fileprivate var stores: [Double] {
    samples.filter { $0.key.hasPrefix("reflexive_store_up") }.map(\.value)
  }
}
