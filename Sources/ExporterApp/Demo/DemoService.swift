import EvidenceStore
import Following
import ReflexiveCore
import ServiceLifecycle

/// Agents and gates that keep writing evidence to a database of their own: some hours of history,
/// and then a run every second.
package struct DemoService: Service {
  /// The length of the history, and the time between two runs in it, in seconds.
  private static let history: Double = 6 * 3600
  private static let historyStep: Double = 10
  private static let liveInterval: Duration = .seconds(1)

  private let path: String

  /// Creates the database, with its history in it.
  ///
  /// - Throws: ``StoreWriteError``
  package init(path: String) throws {
    self.path = path
    try EvidenceWriter.createStore(at: path, wal: true)
    var workload = Workload(seed: 1)
    let start = TimeSource.system.wall().advanced(by: -Self.history)
    var rows: [NewEvidenceRow] = []
    for age in stride(from: 0, to: Self.history, by: Self.historyStep) {
      rows += workload.next(at: start.advanced(by: age))
    }
    try EvidenceWriter(path: path).append(rows)
  }

  package func run() async throws {
    try await cancelWhenGracefulShutdown { try await write() }
  }

  private func write() async throws {
    var workload = Workload(seed: 2)
    let writer = try EvidenceWriter(path: path)
    while !Task.isCancelled {
      try writer.append(workload.next(at: TimeSource.system.wall()))
      do { try await Task.sleep(for: Self.liveInterval) } catch { return }
    }
  }
}
