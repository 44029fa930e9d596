import Foundation
import Testing

extension EndToEndTests {
  /// The file is damaged while it is followed: what was counted stays, the metrics say why nothing
  /// comes, and it heals with the file.
  struct DamagedFileTests {
    struct Damage: Sendable, CustomTestStringConvertible {
      var testDescription: String
      var kind: String
      var apply: @Sendable (Data) -> Data
    }

    static let damages = [
      Damage(testDescription: "cut short within a page", kind: "corrupt") { $0.prefix(70_000) },
      Damage(testDescription: "cut to nothing", kind: "schema") { _ in Data() },
      Damage(testDescription: "no database", kind: "corrupt") { _ in
        Data(String(repeating: "a line of text\n", count: 10_000).utf8)
      },
    ]

    @Test(arguments: damages)
    func whatWasCountedStaysAndItHealsWithTheFile(damage: Damage) async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", Array(repeating: 0.5, count: 2000))
      let exporter = try await Exporter.follow(table.path)
      let file = URL(fileURLWithPath: table.path)
      let whole = try Data(contentsOf: file)
      try overwrite(table.path, with: damage.apply(whole))
      let broken = try await exporter.page("the store is down") { !$0.isUp }
      #expect(broken.executions("a") == 2000)
      #expect(broken.readErrors(damage.kind) >= 1)
      #expect(try exporter.isHealthyAndReady)
      #expect(try exporter.log.contains("the store cannot be read\" error="))
      #expect(try exporter.log.contains("kind=\(damage.kind)"))
      try overwrite(table.path, with: whole)
      try table.recordExecutions("a", [0.7])
      let healed = try await exporter.page("the new row is counted") {
        $0.executions("a") == 2001
      }
      #expect(healed.isUp && healed.resets == 0)
      #expect(try exporter.log.contains("the store can be read again"))
    }

    @Test func aDamagedPageInTheMiddleAtTheStartHoldsNothingUp() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", Array(repeating: 0.5, count: 2000))
      let whole = try Data(contentsOf: URL(fileURLWithPath: table.path))
      try overwrite(table.path, with: damagedInTheMiddle(whole))
      let exporter = try await Exporter.follow(table.path)
      let page = try await exporter.page("the error is counted") { $0.readErrors("corrupt") >= 1 }
      #expect(!page.isUp && page.executions("a") == nil)
      try overwrite(table.path, with: whole)
      let healed = try await exporter.page("all rows are counted") { $0.executions("a") == 2000 }
      #expect(healed.isUp && healed.resets == 0)
    }

    @Test func aDamagedPageBelowTheTailKeepsNoNewRowBack() async throws {
      let scratch = try ScratchDirectory()
      let table = try EvidenceTable(scratch.file("evidence.db"))
      try table.recordExecutions("a", Array(repeating: 0.5, count: 2000))
      let exporter = try await Exporter.follow(table.path)
      try overwrite(
        table.path, with: damagedInTheMiddle(Data(contentsOf: URL(fileURLWithPath: table.path))))
      try table.recordExecutions("a", [0.7])
      let page = try await exporter.page("the new row is counted") { $0.executions("a") == 2001 }
      #expect(page.isUp && page.resets == 0)
    }

    /// Damages one page with some hundred rows.
    private func damagedInTheMiddle(_ whole: Data) -> Data {
      var data = whole
      data.replaceSubrange(20 * 4096..<21 * 4096, with: Data(repeating: 0xff, count: 4096))
      return data
    }

    /// In place: the file stays the same one.
    private func overwrite(_ path: String, with data: Data) throws {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.truncate(atOffset: 0)
      try file.write(contentsOf: data)
      try file.close()
    }
  }
}
