import Foundation
import Testing

/// Looks for inputs that violate a property. It tries the files of `Corpus/NAME` as they are, and
/// then `FUZZ_ITERATIONS` mutations of them.
///
/// An input depends only on `FUZZ_SEED` and its number. The tests try the same inputs every time,
/// `make fuzz` tries others. With `FUZZ_TRACE`, the file of that name holds the input that is being
/// tried, so that an input that ends the process can be found afterwards. A file in the corpus
/// makes an input a regression test.
struct Fuzz {
  private let name: String
  private let seed: UInt64
  private let iterations: Int
  private let trace: String?
  private let mutator: Mutator

  /// - Parameters:
  ///   - name: the directory of the corpus.
  ///   - iterations: the number of mutations without `FUZZ_ITERATIONS`.
  ///   - seeds: inputs besides the files.
  init(_ name: String, iterations: Int, seeds: [[UInt8]] = [], tokens: [String]) throws {
    let environment = ProcessInfo.processInfo.environment
    self.name = name
    self.iterations = try environment["FUZZ_ITERATIONS"].map { try #require(Int($0)) } ?? iterations
    seed = try environment["FUZZ_SEED"].map { try #require(UInt64($0)) } ?? 1
    trace = environment["FUZZ_TRACE"]
    let corpus = seeds + (try Self.files(of: name))
    try #require(!corpus.isEmpty, "no corpus for \(name)")
    mutator = Mutator(corpus: corpus, tokens: tokens.map { Array($0.utf8) })
  }

  /// - Parameter problem: says what is wrong with an input; `nil` if the property holds.
  /// - Returns: how many inputs were tried.
  @discardableResult
  func run(_ problem: ([UInt8]) throws -> String?) throws -> Int {
    var failures = 0
    func attempt(_ input: [UInt8], _ origin: @autoclosure () -> String) throws {
      if let trace { try Data(input).write(to: URL(filePath: trace)) }
      guard failures < 3, let problem = try problem(input) else { return }
      failures += 1
      Issue.record("\(report(input, origin(), problem))")
    }
    for input in mutator.corpus { try attempt(input, "the corpus") }
    for number in 0..<UInt64(iterations) {
      // Streams of SplitMix64 overlap unless their seeds are mixed first.
      var mixer = SplitMix64(seed: seed &+ (number &* 0xd134_2543_de82_ef95))
      let input = mutator.input(seed: mixer.next())
      try attempt(input, "FUZZ_SEED=\(seed), input \(number)")
    }
    return mutator.corpus.count + iterations
  }

  private func report(_ input: [UInt8], _ origin: String, _ problem: String) -> String {
    """
    \(problem)
    from \(origin): \(String(decoding: input, as: UTF8.self).debugDescription)
    again: echo \(Data(input).base64EncodedString()) | base64 -d \
    > Tests/FuzzTests/Corpus/\(name)/CASE && swift test --filter FuzzTests
    """
  }

  private static func files(of name: String) throws -> [[UInt8]] {
    let directory = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Corpus/" + name)
    guard FileManager.default.fileExists(atPath: directory.path()) else { return [] }
    return try FileManager.default
      .contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map { Array(try Data(contentsOf: $0)) }
  }
}
