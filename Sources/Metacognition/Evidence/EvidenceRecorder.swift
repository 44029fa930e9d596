import EvidenceStore
public import Logging
import NIOCore
import NIOPosix
import ReflexiveCore
import Synchronization

/// Writes rows of evidence to one database, beside its other writers.
///
/// Rows that arrive during a transaction go into the next one together. SQLite waits for other
/// writers up to a limit. The recorder logs each row that it cannot write as an error, with its run.
/// It blocks a thread of a pool for blocking work, never one of the concurrency runtime.
public final class EvidenceRecorder: Sendable {
  /// The path of the database.
  public let path: String
  let logger: Logger
  let time: WriterTime
  let busyMilliseconds: Int32
  let threads: NIOThreadPool
  private let queue: Mutex<RecorderQueue>
  private let writer = Mutex<EvidenceWriter?>(nil)

  /// Opens the database, or creates it in WAL mode. An existing database keeps its journal mode.
  ///
  /// - Parameters:
  ///   - busyTimeout: how long SQLite waits for the lock of another writer.
  ///   - capacity: how many rows may wait to be written.
  public static func open(
    _ path: String, busyTimeout: Duration = .seconds(5), capacity: Int = 10_000, logger: Logger
  ) async throws(EvidenceRecorderError) -> EvidenceRecorder {
    let recorder = EvidenceRecorder(
      path, busyTimeout: busyTimeout, capacity: capacity, logger: logger, time: .system)
    try await recorder.create()
    return recorder
  }

  init(
    _ path: String, busyTimeout: Duration, capacity: Int, logger: Logger, time: WriterTime
  ) {
    self.path = path
    self.logger = logger
    self.time = time
    busyMilliseconds = Int32(clamping: busyTimeout.inNanoseconds / 1_000_000)
    threads = .singleton
    queue = Mutex(RecorderQueue(capacity: capacity))
  }

  func create() async throws(EvidenceRecorderError) {
    try await onThread { [self] () throws(StoreWriteError) -> Void in
      try EvidenceWriter.createStore(at: path, wal: true)
      try writer.withLock { writer throws(StoreWriteError) -> Void in try open(&writer) }
    }
  }

  /// Writes a row, without waiting for it.
  public func submit(_ record: EvidenceRecord) {
    do throws(EvidenceRecorderError) {
      try add(record, nil)
    } catch {
      report(record, error)
    }
  }

  /// Writes a row and waits until it is committed.
  ///
  /// - Returns: the id of the row.
  @discardableResult
  public func record(_ record: EvidenceRecord) async throws(EvidenceRecorderError) -> Int64 {
    let current = Mutex<Completion<Result<Int64, EvidenceRecorderError>>?>(nil)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Int64, EvidenceRecorderError>, Never>) in
        let completion = Completion(continuation)
        current.withLock { $0 = completion }
        if Task.isCancelled { completion.resume(.failure(.cancelled)) }
        do throws(EvidenceRecorderError) {
          try add(record, completion)
        } catch {
          report(record, error)
          completion.resume(.failure(error))
        }
      }
    } onCancel: {
      current.withLock { $0 }?.resume(.failure(.cancelled))
    }
    return try result.get()
  }

  /// Waits until every row is written or logged, but no longer than `limit`. It waits even in a
  /// cancelled task.
  ///
  /// - Returns: the number of rows that are left. The recorder still tries to write them.
  @discardableResult
  public func flush(within limit: Duration) async -> Int {
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      let completion = Completion(continuation)
      guard queue.withLock({ $0.awaitEnd(completion) }) else { return completion.resume(()) }
      // `Task.sleep` would end at once in a cancelled task.
      MultiThreadedEventLoopGroup.singleton.any()
        .scheduleTask(in: .nanoseconds(limit.inNanoseconds)) { completion.resume(()) }
    }
    return queue.withLock { $0.waiting }
  }

  /// The threshold in the newest valid evidence of a gate.
  func latestThreshold(ofGate gate: String) async throws(EvidenceRecorderError) -> Double? {
    try await onThread { [self] () throws(StoreWriteError) in
      try writer.withLock { writer throws(StoreWriteError) in
        try open(&writer)
        return try writer?.latestThreshold(ofGate: gate, now: time.wall())
      }
    }
  }

  private func add(
    _ record: EvidenceRecord, _ completion: Completion<Result<Int64, EvidenceRecorderError>>?
  ) throws(EvidenceRecorderError) {
    let (payload, ts) = try record.row(at: time.wall())
    let row = WaitingRow(record: record, payload: payload, ts: ts, completion: completion)
    let starts = try queue.withLock { queue throws(EvidenceRecorderError) in try queue.add(row) }
    if starts { threads.submit { [self] _ in work() } }
  }
}

// MARK: - On the thread

extension EvidenceRecorder {
  private func work() {
    while true {
      let (rows, flushed) = queue.withLock { $0.take() }
      guard !rows.isEmpty else { return flushed.forEach { $0.resume(()) } }
      write(rows)
    }
  }

  private func write(_ rows: [WaitingRow]) {
    var rows = rows
    while !rows.isEmpty {
      do throws(StoreWriteError) {
        let last = try append(rows)
        for (index, row) in rows.enumerated() {
          row.completion?.resume(.success(last - Int64(rows.count - 1 - index)))
        }
        return
      } catch {
        // Without the refused row, the others of its transaction can be written. After any other
        // failure the recorder does not retry, because a failed commit may have succeeded.
        let failed = error.refusedRow.map { [rows.remove(at: $0)] } ?? rows
        if error.refusedRow == nil { rows = [] }
        for row in failed { fail(row, error) }
      }
    }
  }

  private func append(_ rows: [WaitingRow]) throws(StoreWriteError) -> Int64 {
    try writer.withLock { writer throws(StoreWriteError) in
      do throws(StoreWriteError) {
        try open(&writer)
        return try writer?.append(
          rows.map { NewEvidenceRow(event: $0.record.event, payload: $0.payload, ts: $0.ts) }) ?? 0
      } catch {
        if error.refusedRow == nil { writer = nil }
        throw error
      }
    }
  }

  /// Opens the database, and opens it again if its file was replaced.
  private func open(_ writer: inout sending EvidenceWriter?) throws(StoreWriteError) {
    guard writer?.isCurrent != true else { return }
    writer = nil
    writer = try EvidenceWriter(path: path, busyMilliseconds: busyMilliseconds)
  }

  private func fail(_ row: WaitingRow, _ error: StoreWriteError) {
    let error = EvidenceRecorderError.failed(error.message)
    report(row.record, error)
    row.completion?.resume(.failure(error))
  }

  private func report(_ record: EvidenceRecord, _ error: EvidenceRecorderError) {
    var metadata: Logger.Metadata = [
      "run": "\(record.run)", "event": "\(record.event)", "error": "\(error)",
    ]
    for key in ["agent", "gate"] {
      if case .string(let name)? = record.members[key] { metadata[key] = "\(name)" }
    }
    if let score = record.members["output_quality"]?.double { metadata["score"] = "\(score)" }
    logger.error("evidence was not recorded: the run is unscored", metadata: metadata)
  }

  private func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () throws(StoreWriteError) -> Value
  ) async throws(EvidenceRecorderError) -> Value {
    do {
      return try await threads.runIfActive { try work() }
    } catch let error as StoreWriteError {
      throw .failed(error.message)
    } catch {
      throw .cancelled
    }
  }
}
