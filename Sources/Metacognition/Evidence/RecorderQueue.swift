import ReflexiveCore
import Synchronization

/// A row that waits to be written.
struct WaitingRow: Sendable {
  var record: EvidenceRecord
  var payload: String
  var ts: String
  var completion: Completion<Result<Int64, EvidenceRecorderError>>?
}

/// The waiting rows, and whether a thread writes them. The recorder guards this value with a lock.
///
/// | state   | event           | goes to | answer                             |
/// | ------- | --------------- | ------- | ---------------------------------- |
/// | idle    | row added       | working | start a thread                     |
/// | working | row added       | working | nothing                            |
/// | working | rows taken      | working | the rows                           |
/// | working | none left       | idle    | resume those who wait for the end  |
struct RecorderQueue: Sendable {
  private static let rowsPerTransaction = 500

  private let capacity: Int
  private var rows: [WaitingRow] = []
  private var isWorking = false
  private var flushes: [Completion<Void>] = []
  private var recent = RecentRuns()
  /// The number of rows that a thread has taken and not finished.
  private(set) var inFlight = 0

  init(capacity: Int) { self.capacity = capacity }

  var waiting: Int { rows.count + inFlight }

  /// - Returns: whether to start a thread.
  mutating func add(_ row: WaitingRow) throws(EvidenceRecorderError) -> Bool {
    guard waiting < capacity else { throw .full(waiting: waiting) }
    guard recent.insert(row.record.run) else { throw .duplicate(row.record.run) }
    rows.append(row)
    defer { isWorking = true }
    return !isWorking
  }

  /// Takes the rows of the next transaction. If there are none, the thread is done.
  mutating func take() -> (rows: [WaitingRow], flushed: [Completion<Void>]) {
    let batch = Array(rows.prefix(Self.rowsPerTransaction))
    rows.removeFirst(batch.count)
    inFlight = batch.count
    guard batch.isEmpty else { return (batch, []) }
    isWorking = false
    defer { flushes = [] }
    return ([], flushes)
  }

  /// - Returns: whether a thread is working. If not, the completion is not kept.
  mutating func awaitEnd(_ completion: Completion<Void>) -> Bool {
    if isWorking { flushes.append(completion) }
    return isWorking
  }
}

/// The latest recorded runs, by which a run that is recorded twice is noticed.
struct RecentRuns: Sendable {
  private static let limit = 10_000

  private var known: Set<RunID> = []
  private var order: [RunID] = []
  private var oldest = 0

  /// - Returns: `false` if the run was recorded before.
  mutating func insert(_ run: RunID) -> Bool {
    guard known.insert(run).inserted else { return false }
    if order.count < Self.limit {
      order.append(run)
    } else {
      known.remove(order[oldest])
      order[oldest] = run
      oldest = (oldest + 1) % Self.limit
    }
    return true
  }
}

/// Resumes a continuation at the first call and ignores later ones.
final class Completion<Value: Sendable>: Sendable {
  private let continuation: Mutex<CheckedContinuation<Value, Never>?>

  init(_ continuation: CheckedContinuation<Value, Never>) {
    self.continuation = Mutex(continuation)
  }

  func resume(_ value: Value) {
    let continuation = continuation.withLock { held in
      defer { held = nil }
      return held
    }
    continuation?.resume(returning: value)
  }
}
