import Foundation
import LinuxSystem
import ReflexiveCore
import Synchronization
import TestSupport
import Testing

@testable import Following

/// A daemon that follows a nasty store and has read it to its end.
final class FollowedNastyStore {
  let store: FollowedStore
  let nasty: NastyStore
  let folder: Folder?
  let log = LogLines()
  let clock = SteppedClock()

  var search: EvidenceSearch { EvidenceSearch(store) }

  /// - Parameter folder: where another daemon left its state.
  init(
    _ nasty: NastyStore, keepsState: Bool = true, in folder: Folder? = nil, blockRows: Int = 64,
    settings: FollowedStore.Settings = .init(payloadLimit: NastyStore.payloadLimit)
  ) throws {
    self.nasty = nasty
    self.folder = keepsState ? try folder ?? Folder() : nil
    let clock = clock
    store = FollowedStore(
      name: "s", path: nasty.store.path, shownPath: "s.db", settings: settings,
      time: TimeSource(
        wall: { UnixTime(seconds: NastyStore.now, nanoseconds: 0) }, monotonic: { clock.now }),
      checkpoints: try self.folder.map { try StateDirectory(path: $0.path) },
      blockRows: blockRows, logger: log.logger)
    catchUp()
  }

  func catchUp() { while store.tick() == .more {} }

  /// The index file, if there is one yet.
  static func indexFile(in folder: Folder) throws -> String? {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .first { $0.hasSuffix(".rows") }.map { folder.path + "/" + $0 }
  }

  /// Asks some questions and compares the answers with what the rows were made up to be.
  func expectRight(_ what: String = "", filters count: Int = 6) throws {
    #expect(try wrongAnswers(filters: count) == [], "\(what)")
  }

  /// Questions that are not answered as the rows were made up to be.
  func wrongAnswers(seed: UInt64 = 7, filters count: Int = 6) throws -> [EvidenceFilter] {
    var filters = RandomFilter(seed: seed)
    let now = Double(NastyStore.now)
    let questions = (0..<count).map { number in
      number == 0 ? EvidenceFilter() : filters.next(for: nasty.rows)
    }
    return try questions.filter { filter in
      let page = try search.page(filter, PageRequest(limit: 1000))
      let all = nasty.rows.filter { $0.matches(filter, at: now) }
      let isRight =
        page.isComplete && page.matches == all.count && page.rowsTotal == nasty.rows.count
        && page.rows.map(\.id) == all.suffix(1000).map(\.id).reversed()
      return !isRight
    }
  }
}

/// A clock that goes on by itself, and by leaps when a test says so.
final class SteppedClock: Sendable {
  private struct State {
    var ahead = Duration.zero
    var step = Duration.zero
  }

  private let state = Mutex(State())

  var now: ContinuousClock.Instant {
    state.withLock { state in
      state.ahead += state.step
      return ContinuousClock.now.advanced(by: state.ahead)
    }
  }

  func leap(_ duration: Duration) { state.withLock { $0.ahead += duration } }

  /// Goes on by so much whenever somebody looks at it.
  func goOn(by step: Duration) { state.withLock { $0.step = step } }
}
