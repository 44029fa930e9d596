import ConfigurationFiles
import Following
import Logging
import NIOPosix
import ReflexiveCore
import ServiceLifecycle
import Synchronization

/// Accepts pushed evidence for all stores that receive.
final class Receiver: Service, Sendable {
  /// Enough threads that a locked or slow store does not hold up the others.
  static let threadCount = 4
  /// The most bodies to read at the same time. It is far below the limit of connections, so that
  /// scrapes keep theirs.
  private static let seatLimit = 128

  let statistics = ReceiverStatistics()
  let queue = ReceiverQueue()
  let refusals = RefusalLog()
  let seats = StreamSeats(limit: seatLimit)
  let time: TimeSource
  private let configuration: @Sendable () -> ExporterConfiguration
  private let surroundings: ReceivingLane.Surroundings
  /// The lanes by the path of the database.
  private let lanes = Mutex<[LabelValue: ReceivingLane]>([:])

  /// - Parameters:
  ///   - configuration: returns the configuration in force.
  ///   - threads: the threads for work that blocks.
  init(
    configuration: @escaping @Sendable () -> ExporterConfiguration, threads: NIOThreadPool,
    time: TimeSource, logger: Logger
  ) {
    self.configuration = configuration
    self.time = time
    surroundings = ReceivingLane.Surroundings(
      threads: threads, time: time, statistics: statistics, queue: queue, logger: logger)
  }

  var stores: [ReceivingStore] { configuration().receivingStores }
  var settings: ReceiverSettings { configuration().receiver }

  /// Writes a push, or returns why not. An accepted push is on disk when this returns.
  func take(_ push: Push, into store: ReceivingStore) async -> PushOutcome {
    let configuration = configuration()
    let limits = PushLimits(
      store: store, maxBytes: configuration.receiver.maxBytes,
      payloadBytes: configuration.limits.payloadBytes,
      scoreRules: configuration.receiver.scoreRules)
    return await withCheckedContinuation { answer in
      lane(store.path).add(ReceivingLane.Job(push: push, limits: limits, answer: answer))
    }
  }

  private func lane(_ path: String) -> ReceivingLane {
    lanes.withLock { lanes in
      if let lane = lanes[LabelValue(path)] { return lane }
      let lane = ReceivingLane(path: path, surroundings)
      lanes[LabelValue(path)] = lane
      return lane
    }
  }

  /// The interval of its checks, and the one if no store receives.
  private static let interval: Duration = .seconds(1)
  private static let unusedInterval: Duration = .seconds(5)

  private var isUnused: Bool { lanes.withLock(\.isEmpty) && stores.isEmpty }

  /// Closes idle databases, because the owner of an open one cannot change its journal mode.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      await repeatedly(every: self.isUnused ? Self.unusedInterval : Self.interval) {
        let lanes = self.lanes.withLock { Array($0.values) }
        guard !lanes.isEmpty else { return }
        _ = await self.surroundings.threads.runToEnd { for lane in lanes { lane.closeIfIdle() } }
      }
    }
  }

  /// The metrics of the stores that receive now.
  func snapshot() -> [ReceiverSnapshot] {
    stores.map { store in
      let counted = statistics.store(store.name)
      return ReceiverSnapshot(
        store: store.name, rows: counted.rows, rejected: counted.rejected,
        lastSuccess: counted.lastSuccess, queueBytes: queue.bytes(of: store.name))
    }
  }
}

/// The metrics of one store that receives, at one moment.
struct ReceiverSnapshot: Hashable, Sendable {
  var store: String
  var rows: [PushProtocol: Int] = [:]
  var rejected: [PushProtocol: [PushReason: Int]] = [:]
  var lastSuccess: UnixTime?
  var queueBytes = 0
}
