import Foundation

@testable import ReflexiveCore

/// One stream of `golden.json`: scores, and the state after some or all of them. Numbers are kept as
/// text, which `Double` reads to the last bit, as a JSON parser need not.
struct GoldenStream: Decodable {
  struct Configuration: Decodable {
    var objective: Number
    var falseAlarmRuns: Number?
    var recoveryRuns: Number?
    var tolerance: Number?
    var normalRuns: Int?
    var minSamples: Int?
  }

  struct Step: Decodable {
    var row: Int
    var id: Int64
    var state: GoldenState
  }

  struct Number: Decodable, Hashable {
    var value: Double

    init(_ value: Double) { self.value = value }

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      let text = try container.decode(String.self)
      guard let value = Double(text) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: text)
      }
      self.value = value
    }
  }

  var name: String
  var config: Configuration
  var firstId: Int64
  var scores: [Number]
  var states: [Step]

  static func all() throws -> [GoldenStream] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([GoldenStream].self, from: Data(contentsOf: file))
  }

  /// A watch before the first score.
  var watch: DropWatch {
    var settings = DropSettings()
    if let runs = config.falseAlarmRuns { settings.falseAlarmRuns = runs.value }
    if let runs = config.recoveryRuns { settings.recoveryRuns = runs.value }
    if let tolerance = config.tolerance { settings.tolerance = tolerance.value }
    if let runs = config.normalRuns { settings.normalRuns = runs }
    return DropWatch(
      objective: config.objective.value, minSamples: config.minSamples ?? 5, settings: settings)
  }

  /// Rows are a minute apart.
  func apply(row: Int, to watch: inout DropWatch) {
    let time = UnixTime(seconds: 1_700_000_000 + 60 * Int64(row))
    watch.apply(scores[row].value, id: firstId + Int64(row), time: time)
  }
}

/// Everything a watch knows, as `golden.json` has it.
struct GoldenState: Decodable, Equatable {
  typealias Number = GoldenStream.Number

  struct Reference: Decodable, Equatable {
    var active: Bool
    var drops: Int
    var evidence: Number
    var wealth: [Number]
    var limit: Number
    var middle: Number
    var near: Stretch
    var far: Stretch
    var count: Int
    var sum: Number
    var startId: Int64?
    var startTime: Number?
    var rise: Number
    var riseCount: Int
    var riseSum: Number
    var runsActive: Int
  }

  struct Stretch: Decodable, Equatable {
    var depth: Number
    var count: Int
    var sum: Number
    var id: Int64?
  }

  struct Epoch: Decodable, Equatable {
    var count: Int
    var sum: Number
    var spread: Number
    var weight: Number
    var weighted: Number
    var penalty: Number
    var low: Number
    var high: Number
  }

  struct Streaks: Decodable, Equatable {
    var pairs: Int
    var low: Int
    var lowlow: Int
    var run: Int
    var rho: Number
  }

  var objective: Reference
  var normal: Reference
  var epoch: Epoch
  var streaks: Streaks
  var rise: [Number]
  var epochs: Int
}
