import Foundation
import Glibc
import LinuxSystem
import ReflexiveCore
import TestSupport
import Testing

@testable import RowIndex

/// The index by itself, filled with rows as agents usually write them.
struct RowIndexTests {
  private let folder: Folder
  private let index: RowIndex

  init() throws {
    folder = try Folder()
    index = RowIndex(try StateDirectory(path: folder.path), fileName: "index")
  }

  /// Rows of ids from `first` on: executions and evaluations, 20 a second, some rejected.
  private func append(_ count: Int, from first: Int64 = 1) {
    let names = Array("AgentAGateB".utf8)
    let rows = (0..<count).map { number in
      let isExecution = number % 2 == 0
      var row = Evidence(
        id: first + Int64(number), kind: isExecution ? .execution : .evaluation, event: .unknown)
      row.time = UnixTime(
        seconds: 1_800_000_000 + Int64(number / 20), nanoseconds: Int64(number % 20) * 7_654_000)
      if isExecution { row.agent = .bytes(ByteRange(offset: 0, count: 6)) }
      if !isExecution { row.gate = .bytes(ByteRange(offset: 6, count: 5)) }
      row.quality = Double(number * 31 % 1000) / 1000
      row.consistency = isExecution ? nil : 0.97
      row.maturity = number % 5 == 0 ? Double(number % 100) / 100 : nil
      row.subject = isExecution ? row.agent : row.gate
      row.rejection = number % 200 == 0 ? .outOfRange : nil
      return row
    }
    index.append(rows, bytes: names, tailID: rows.last?.id, reachedEnd: true)
  }

  /// How many rows match for sure, and how many more may.
  private func count(_ filter: EvidenceFilter) throws -> (sure: Int, maybe: Int) {
    let now = UnixTime(seconds: 1_900_000_000, nanoseconds: 0)
    var scan = try index.beginScan(filter, now: now, ascending: false)
    var (sure, maybe) = (0, 0)
    while let block = try index.next(&scan, wanted: 0, in: .min ... .max) {
      sure += block.certain
      maybe += block.uncertain.count
    }
    return (sure, maybe)
  }

  private var fileStatus: stat {
    var status = stat()
    stat(folder.path + "/index", &status)
    return status
  }

  @Test func aRowTakesAtMost17Bytes() {
    append(20 * 4096)
    #expect(fileStatus.st_size > 0)
    #expect(Double(fileStatus.st_size) / (20 * 4096) <= 17)
  }

  @Test func aStoreOfFewRowsNeedsNoFile() {
    append(4095)
    #expect(fileStatus.st_size == 0)
  }

  @Test func whatIsUsuallyAskedForIsSure() throws {
    append(10_000)
    var filter = EvidenceFilter()
    #expect(try count(filter) == (10_000, 0))
    filter.agent = "AgentA"
    #expect(try count(filter) == (5000, 0))
    filter.score = ScoreRange(upper: 0.499)
    #expect(try count(filter) == (2500, 0))
    filter.since = UnixTime(seconds: 1_800_000_100, nanoseconds: 0)
    let found = try count(filter)
    #expect(found.sure == 1999 && found.maybe == 0)
    filter = EvidenceFilter()
    filter.rejected = .any
    #expect(try count(filter) == (50, 0))
    filter.rejected = .reason(.outOfRange)
    filter.gate = "GateB"
    #expect(try count(filter) == (0, 0))
    filter = EvidenceFilter()
    filter.subject = "GateB"
    filter.maturity = ScoreRange(lower: 0)
    #expect(try count(filter) == (1000, 0))
  }

  @Test func spaceOfDeletedRowsIsGivenBackOnceNoCheckpointNeedsIt() throws {
    append(10 * 4096)
    let before = fileStatus.st_blocks
    index.retain(9 * 4096 + 1...10 * 4096, since: index.mark)
    #expect(try index.rowCount() == 4096)
    #expect(fileStatus.st_blocks == before)
    _ = index.checkpoint()
    index.checkpointWasSaved()
    #expect(fileStatus.st_blocks < before / 5)
    #expect(try count(EvidenceFilter()) == (4096, 0))
  }

  @Test func rowsThatComeWhileTheDatabaseIsLookedAtAreNotGone() throws {
    append(5000)
    let mark = index.mark
    append(100, from: 5001)
    index.retain(nil, since: mark)
    #expect(try index.rowCount() == 100)
    index.retain(1...5000, since: mark)
    #expect(try index.rowCount() == 100)
    index.clear()
    append(30, from: 1)
    index.retain(nil, since: mark)
    #expect(try index.rowCount() == 30)
  }

  @Test func aScanThatIsOvertakenBeginsAnew() throws {
    append(3 * 4096)
    let now = UnixTime(seconds: 1_900_000_000, nanoseconds: 0)
    var scan = try index.beginScan(EvidenceFilter(), now: now, ascending: true)
    _ = try index.next(&scan, wanted: 0, in: .min ... .max)
    index.retain(5000...100_000, since: index.mark)
    #expect(throws: RowIndex.Unavailable.notReady) {
      try index.next(&scan, wanted: 0, in: .min ... .max)
    }
  }
}
