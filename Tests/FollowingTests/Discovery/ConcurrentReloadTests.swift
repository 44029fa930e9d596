import ConfigurationFiles
import Dispatch
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Following

/// Reloads that begin while another one reads.
struct ConcurrentReloadTests {
  private let folder: Folder
  private let threads = TestThreads()
  private let registry = StoreRegistry()
  private let source: Source
  private let service: ConfigurationService

  init() throws {
    let folder = try Folder()
    self.folder = folder
    let source = Source(folder.path + "/old.db")
    self.source = source
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    service = try ConfigurationService(
      load: { () throws(ConfigurationError) in try source.load() }, registry: registry,
      tail: TailService(
        registry: registry, watcher: ChangeWatcher(logger: logger), threads: threads.pool),
      threads: threads.pool, time: .system, logger: logger)
  }

  private var names: [String] { registry.stores.map(\.name) }

  @Test func theNewestContentWinsWhicheverReloadIsSlower() async throws {
    let release = source.holdNextLoad()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await service.reload() }
      await source.loads(2)
      source.path = folder.path + "/new.db"
      for _ in 1...3 { group.addTask { try await service.reload() } }
      group.addTask { await service.discover(evenIfUnchanged: true) }
      // Time for the others to overtake, if they could.
      await source.loads(3, atMost: .milliseconds(100))
      #expect(source.count == 2 && names == ["old"])
      release()
      try await group.waitForAll()
    }
    #expect(names == ["new"])
    #expect(source.highestConcurrency == 1)
    // The waiting reloads shared one load, or a few if they came late.
    #expect((3...5).contains(source.count))
  }

  @Test func whoWaitsHearsOfTheReloadThatBeganAfterwards() async throws {
    let release = source.holdNextLoad()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await service.reload() }
      await source.loads(2)
      source.path = ""
      group.addTask {
        await #expect(throws: ConfigurationError.self) { try await service.reload() }
      }
      release()
      try await group.waitForAll()
    }
    #expect(names == ["old"])
    #expect(!service.reloadStatus.wasSuccessful)
  }

  @Test func aCancelledReloadIsWorkedToItsEnd() async throws {
    let release = source.holdNextLoad()
    source.path = folder.path + "/new.db"
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await service.reload() }
      await source.loads(2)
      group.cancelAll()
      release()
      try await group.waitForAll()
    }
    #expect(names == ["new"])
  }
}

/// A configuration of one store. A load can block, as on a slow disk.
private final class Source: Sendable {
  private struct State {
    var path: String
    var count = 0
    var running = 0
    var highest = 0
    var isHeld = false
  }

  private let state: Mutex<State>
  private let gate = DispatchSemaphore(value: 0)

  init(_ path: String) { state = Mutex(State(path: path)) }

  var path: String {
    get { state.withLock { $0.path } }
    set { state.withLock { $0.path = newValue } }
  }
  var count: Int { state.withLock { $0.count } }
  var highestConcurrency: Int { state.withLock { $0.highest } }

  /// The next load reads at once, and returns when the closure is called.
  func holdNextLoad() -> @Sendable () -> Void {
    state.withLock { $0.isHeld = true }
    return { [gate] in _ = gate.signal() }
  }

  func load() throws(ConfigurationError) -> ExporterConfiguration {
    let (path, isHeld) = state.withLock { state in
      state.count += 1
      state.running += 1
      state.highest = max(state.highest, state.running)
      defer { state.isHeld = false }
      return (state.path, state.isHeld)
    }
    if isHeld { gate.wait() }
    defer { state.withLock { $0.running -= 1 } }
    var configuration = ExporterConfiguration()
    try configuration.add(storeArguments: [path])
    return configuration
  }

  /// Waits until so many loads have begun.
  func loads(_ number: Int, atMost time: Duration = .seconds(600)) async {
    let end = ContinuousClock.now + time
    while count < number, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(1)) }
  }
}
