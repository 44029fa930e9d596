import ConfigurationFiles
import EvidenceStore
import Following
import Glibc
import Logging
import NIOPosix
import ReflexiveCore
import Synchronization

/// Writes the pushes to one store, in order of arrival.
///
/// One thread at a time prepares the waiting pushes and writes them in one transaction. Pushes that
/// arrive during a transaction share the next one. After a transaction, the thread leaves the store
/// to other writers for as long.
final class ReceivingLane: Sendable {
  struct Job: Sendable {
    let push: Push
    let limits: PushLimits
    let answer: CheckedContinuation<PushOutcome, Never>
  }

  private struct Prepared {
    var job: Job
    var batch: ReceivedBatch
    var rejected: [PushReason: Int]
  }

  private struct Waiting {
    var jobs: [Job] = []
    var isRunning = false
  }

  private struct Writer {
    var database: ReceivingDatabase?
    /// The end of the pause for other writers.
    var pauseEnd: ContinuousClock.Instant
    var lastUse: ContinuousClock.Instant
    /// The reason why nothing can be written; logged once.
    var failure: ReceiveError.Kind?
  }

  /// The bytes of payloads to prepare for one transaction, unless a single push has more.
  private static let groupBytes = 4 << 20
  /// How long a database may be idle until it is closed.
  private static let idleTime: Duration = .seconds(5)
  private static let longestPause: Duration = .seconds(1)

  private let path: String
  private let waiting = Mutex(Waiting())
  private let writer: Mutex<Writer>
  private let receiver: Surroundings

  /// The dependencies that all lanes share.
  struct Surroundings: Sendable {
    var threads: NIOThreadPool
    var time: TimeSource
    var statistics: ReceiverStatistics
    var queue: ReceiverQueue
    var logger: Logger
  }

  init(path: String, _ surroundings: Surroundings) {
    self.path = path
    receiver = surroundings
    let now = surroundings.time.monotonic()
    writer = Mutex(Writer(database: nil, pauseEnd: now, lastUse: now))
  }

  func add(_ job: Job) {
    let isIdle = waiting.withLock { waiting in
      waiting.jobs.append(job)
      defer { waiting.isRunning = true }
      return !waiting.isRunning
    }
    guard isIdle else { return }
    receiver.threads.submit { state in
      if state == .active { self.writer.withLock { self.run(&$0) } } else { self.refuseAll() }
    }
  }

  /// Closes the database if it is idle. Blocks for a moment.
  func closeIfIdle() {
    _ = writer.withLockIfAvailable { writer in
      if writer.lastUse.duration(to: receiver.time.monotonic()) >= Self.idleTime {
        writer.database = nil
      }
    }
  }

  private static let stopping = PushOutcome.unavailable("The exporter is stopping.")

  private func refuseAll() {
    let jobs = waiting.withLock { waiting in
      defer { waiting = Waiting() }
      return waiting.jobs
    }
    for job in jobs { job.answer.resume(returning: Self.stopping) }
  }

  /// Works until no push is waiting. Blocks.
  private func run(_ writer: inout Writer) {
    var prepared: [Prepared] = []
    while true {
      let start = receiver.time.monotonic()
      let bytes = prepare(&prepared)
      if prepared.isEmpty {
        if isDone() { return }
        continue
      }
      pause(until: writer.pauseEnd)
      write(&prepared, &writer)
      receiver.queue.note(
        bytes: bytes, took: start.duration(to: receiver.time.monotonic()).inSeconds)
    }
  }

  private func isDone() -> Bool {
    waiting.withLock { waiting in
      waiting.isRunning = !waiting.jobs.isEmpty
      return !waiting.isRunning
    }
  }

  private func takeJob() -> Job? {
    waiting.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
  }

  /// Answers pushes that can't be written and adds the others, until there is enough for a
  /// transaction.
  ///
  /// - Returns: the bytes of the bodies that were looked at.
  private func prepare(_ prepared: inout [Prepared]) -> Int {
    var received = 0
    var bytes = prepared.reduce(0) { $0 + $1.batch.bytes.count }
    while bytes < Self.groupBytes, let job = takeJob() {
      received += job.push.body.count
      switch job.push.prepare(job.limits, now: receiver.time.wall()) {
      case .ready(let batch, let rejected):
        bytes += batch.bytes.count
        prepared.append(Prepared(job: job, batch: batch, rejected: rejected))
      case .settled(let outcome, let rejected):
        receiver.statistics.count(
          job.limits.store.name, job.push.protocol, rejected: rejected)
        job.answer.resume(returning: outcome)
      }
    }
    return received
  }

  private func pause(until end: ContinuousClock.Instant) {
    let left = receiver.time.monotonic().duration(to: end)
    guard left > .zero else { return }
    usleep(useconds_t(min(left, Self.longestPause) / .microseconds(1)))
  }

  private func write(_ prepared: inout [Prepared], _ writer: inout Writer) {
    let outcomes: [ReceivedOutcome]
    let begin: ContinuousClock.Instant
    do throws(ReceiveError) {
      let database = try open(&writer)
      begin = receiver.time.monotonic()
      outcomes = try database.write(prepared.map(\.batch), now: receiver.time.wall())
    } catch {
      return fail(error, &prepared, &writer)
    }
    let end = receiver.time.monotonic()
    writer.lastUse = end
    writer.pauseEnd = end.advanced(by: begin.duration(to: end))
    if writer.failure != nil {
      writer.failure = nil
      receiver.logger.notice("pushed evidence can be written again", metadata: metadata)
    }
    for (prepared, outcome) in zip(prepared, outcomes) { settle(prepared, outcome) }
    prepared.removeFirst(min(outcomes.count, prepared.count))
  }

  private func open(_ writer: inout Writer) throws(ReceiveError) -> ReceivingDatabase {
    if let database = writer.database, database.isCurrent { return database }
    writer.database = nil
    let database = try ReceivingDatabase(path: path)
    writer.database = database
    return database
  }

  private func settle(_ prepared: Prepared, _ outcome: ReceivedOutcome) {
    let name = prepared.job.limits.store.name
    let kind = prepared.job.push.protocol
    let answer: PushOutcome
    switch outcome {
    case .written(let receipt):
      receiver.statistics.count(
        name, kind, rows: receipt.rows, rejected: prepared.rejected,
        acceptedAt: receiver.time.wall())
      answer = .accepted(receipt, isReplayed: false)
    case .replayed(let receipt): answer = .accepted(receipt, isReplayed: true)
    case .keyTaken: answer = .keyTaken
    case .refused(let reason):
      receiver.logger.warning(
        "the table refuses pushed evidence",
        metadata: metadata.merging(["error": .string(reason)]) { $1 })
      answer = .unavailable(ReceiveError.Kind.refused.sentence)
    }
    prepared.job.answer.resume(returning: answer)
  }

  /// Fails the prepared and the waiting pushes, because nothing can be written now.
  private func fail(
    _ error: ReceiveError, _ prepared: inout [Prepared], _ writer: inout Writer
  ) {
    writer.database = nil
    if writer.failure != error.kind {
      writer.failure = error.kind
      receiver.logger.warning(
        "pushed evidence cannot be written",
        metadata: metadata.merging(["error": .string(error.description)]) { $1 })
    }
    let jobs = waiting.withLock { waiting in
      defer { waiting.jobs = [] }
      return waiting.jobs
    }
    for job in prepared.map(\.job) + jobs {
      job.answer.resume(returning: .unavailable(error.kind.sentence))
    }
    prepared = []
  }

  private var metadata: Logger.Metadata { ["path": .string(path)] }
}

extension ReceiveError.Kind {
  fileprivate var sentence: String {
    switch self {
    case .locked: "The database is locked by another writer."
    case .missing: "There is no database to write to."
    case .full: "The disk is full."
    case .refused: "The table evidence refuses a row."
    case .readOnly: "The exporter may not write to the database."
    case .other: "The database cannot be written; the exporter's log says why."
    }
  }
}
