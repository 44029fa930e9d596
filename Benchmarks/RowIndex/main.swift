// What the index of rows costs and saves on a database that is there:
//
//     swift run -c release row-index-benchmark evidence.db
//
// Reads it to its end with and without an index in turn, then asks some filters. One line a figure.
import Following
import Foundation
import LinuxSystem
import Logging
import ReflexiveCore

struct CatchUp {
  var seconds: Double
  var store: FollowedStore
}

func processorSeconds() -> Double { Double(readClock(CLOCK_PROCESS_CPUTIME_ID)) / 1e9 }

func catchUp(_ path: String, _ state: StateDirectory?) -> CatchUp {
  let store = FollowedStore(
    name: "benchmark", path: path, shownPath: path, settings: .init(), time: .system,
    checkpoints: state, logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() })
  let start = processorSeconds()
  while store.tick() == .more {}
  return CatchUp(seconds: processorSeconds() - start, store: store)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Milliseconds of a question, asked over and over: the median and the 99th percentile.
func measure(_ store: FollowedStore, _ filter: EvidenceFilter) throws -> (Int?, Double, Double) {
  var times: [Double] = []
  var matches: Int?
  for _ in 0..<100 {
    let start = ContinuousClock.now
    matches = try EvidenceSearch(store).page(filter).matches
    times.append((ContinuousClock.now - start) / .milliseconds(1))
  }
  times.sort()
  return (matches, times[50], times[98])
}

func state() throws -> StateDirectory {
  let name = "row-index-benchmark-\(UUID().uuidString)"
  return try StateDirectory(path: FileManager.default.temporaryDirectory.path + "/" + name)
}

/// Questions by name.
let filters: [(String, @Sendable (inout EvidenceFilter) -> Void)] = [
  ("no filter", { _ in }),
  ("an agent that is not there", { $0.agent = "nobody" }),
  (
    "no execution below 0.0002",
    {
      $0.event = .execution; $0.score = ScoreRange(upper: 0.000_2)
    }
  ),
  ("score below 0.6", { $0.score = ScoreRange(upper: 0.6) }),
  (
    "execution below 0.35",
    {
      $0.event = .execution; $0.score = ScoreRange(upper: 0.35)
    }
  ),
  ("rejected", { $0.rejected = .any }),
  ("the last minute", { $0.since = UnixTime(seconds: 4_000_000_000, nanoseconds: 0) }),
  (
    "every column",
    {
      $0.event = .evaluation
      $0.score = ScoreRange(lower: 0.01, upper: 0.99)
      $0.consistency = ScoreRange(lower: 0.01)
      $0.maturity = ScoreRange(lower: 0.01)
      $0.rejected = .reason(.outOfRange)
    }
  ),
]

func compareCatchUps(_ path: String, pairs: Int) throws {
  _ = catchUp(path, nil)
  var (with, without): ([Double], [Double]) = ([], [])
  for _ in 0..<pairs {
    without.append(catchUp(path, nil).seconds)
    let directory = try state()
    with.append(catchUp(path, directory).seconds)
    try FileManager.default.removeItem(atPath: directory.path)
  }
  let ratio = median(zip(with, without).map { $0 / $1 })
  print("catch-up without an index: \(median(without)) s of processor time")
  print("catch-up with an index: \(median(with)) s; median ratio of \(pairs) pairs: \(ratio)")
}

func askFilters(_ path: String) throws {
  let directory = try state()
  defer { try? FileManager.default.removeItem(atPath: directory.path) }
  let store = catchUp(path, directory).store
  store.saveCheckpoint()
  let rows = try EvidenceSearch(store).page(EvidenceFilter()).rowsTotal ?? 0
  let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
  let bytes = try files.reduce(0) { sum, name in
    let file = directory.path + "/" + name
    return sum + (try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0)
  }
  print("state: \(bytes) bytes for \(rows) rows, \(Double(bytes) / Double(max(rows, 1))) a row")
  for (name, change) in filters {
    var filter = EvidenceFilter()
    change(&filter)
    let (matches, median, worst) = try measure(store, filter)
    print("\(name): \(matches ?? -1) matches, \(median) ms, 99 % within \(worst) ms")
  }
}

guard let path = CommandLine.arguments.dropFirst().first else {
  print("usage: row-index-benchmark DATABASE [PAIRS]")
  exit(2)
}
try compareCatchUps(path, pairs: CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 7)
try askFilters(path)
