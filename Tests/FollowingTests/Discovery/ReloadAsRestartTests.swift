import ConfigurationFiles
import Foundation
import LinuxSystem
import Logging
import ReflexiveCore
import TestSupport
import Testing

@testable import Following

/// After a reload the same stores are followed as after a fresh start.
struct ReloadAsRestartTests {
  private let folder: Folder
  private let surroundings = FollowedStores.Surroundings(
    time: .system, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

  init() throws { folder = try Folder() }

  private func configuration(_ patterns: [String]) throws -> ExporterConfiguration {
    var configuration = ExporterConfiguration()
    try configuration.add(storeArguments: patterns.map { folder.path + "/" + $0 })
    return configuration
  }

  private func started(_ configuration: ExporterConfiguration) -> FollowedStores {
    var stores = FollowedStores(configuration, now: surroundings.time.wall())
    stores.discover(surroundings)
    return stores
  }

  /// Names and paths of what is followed, and the counts of the globs.
  private func state(_ stores: FollowedStores) -> [String] {
    stores.stores.map { "\($0.name) at \($0.path) as \($0.state.path)" }.sorted()
      + stores.counts.map { "\($0.path): \($0.stores), \($0.conflicts)" }
  }

  @Test func aFileThatIsGoneIsFollowedUntilTheReload() throws {
    let file = try folder.make("a.db")
    try folder.make("b.db")
    let configuration = try configuration(["*.db"])
    var stores = started(configuration)
    try FileManager.default.removeItem(atPath: file)
    stores.discover(surroundings)
    #expect(Set(stores.stores.map(\.name)) == ["a", "b"])
    #expect(stores.counts.map(\.stores) == [1])
    stores.configure(configuration)
    stores.discover(surroundings)
    #expect(stores.stores.map(\.name) == ["b"])
  }

  @Test func aStoreThatStaysIsNotReadAnew() throws {
    try folder.make("a.db")
    let configuration = try configuration(["*.db"])
    var stores = started(configuration)
    let before = try #require(stores.stores.first)
    stores.configure(configuration)
    stores.discover(surroundings)
    #expect(stores.stores.first === before)
  }

  /// Files are made, deleted and renamed at random, some found by discoveries in between.
  @Test(arguments: 0..<50)
  func whateverHappenedBeforeTheReload(seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let names = ["x/a.db", "x/b.db", "y/a.db", "y/b.db", "y/c.db"].map { folder.path + "/" + $0 }
    try folder.make("x/keep")
    try folder.make("y/keep")
    let plain = try configuration(["x/*.db", "y/*.db"])
    let other = try configuration(["y/*.db", "x/*.db", "z/b.db"])
    var stores = started(plain)
    for _ in 0..<12 {
      guard let from = names.randomElement(using: &generator),
        let to = names.randomElement(using: &generator)
      else { return }
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: try Data().write(to: URL(fileURLWithPath: from))
      case 1: unlink(from)
      case 2: rename(from, to)
      default: stores.discover(surroundings)
      }
    }
    for configuration in [plain, other] {
      stores.configure(configuration)
      stores.discover(surroundings)
      #expect(state(stores) == state(started(configuration)))
    }
  }
}

/// Pseudo-random numbers that are the same for a seed (Steele, Lea and Flood, "SplitMix").
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
