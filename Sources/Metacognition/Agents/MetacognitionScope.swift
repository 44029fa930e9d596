public import Logging
import Synchronization

/// How runs are scored and recorded.
public struct MetacognitionOptions: Sendable {
  /// Scores below this tell an agent to adapt.
  public var adaptBelow = 0.6
  /// How long the scoring of one run may take, including the wait for its turn.
  public var scoringLimit: Duration = .seconds(30)
  /// How many runs are scored at a time.
  public var concurrentEvaluations = 16
  /// How many runs may wait to be scored. Later ones are recorded without a score.
  public var capacity = 1000
  /// How long the end of the scope waits for pending runs.
  public var flushLimit: Duration = .seconds(5)

  /// Creates the default options: adapt below 0.6, score 16 runs at a time for up to 30 s each, and
  /// wait for up to 5 s at the end.
  public init() {}
}

/// Runs `body`, and meanwhile scores and records the runs of its agents.
///
/// At the end it waits for pending runs, up to `options.flushLimit`, and records the others without
/// a score. In a cancelled task it records all pending runs without a score at once.
///
/// - Returns: what `body` returns.
/// - Throws: only what `body` throws.
public func withMetacognition<Value, Failure: Error>(
  scorer: any QualityScorer, recorder: EvidenceRecorder, options: MetacognitionOptions = .init(),
  logger: Logger, isolation: isolated (any Actor)? = #isolation,
  _ body: (MetacognitionScope) async throws(Failure) -> Value
) async throws(Failure) -> Value {
  let scope = MetacognitionScope(
    scorer: scorer, recorder: recorder, options: options, logger: logger)
  let result: Result<Value, Failure> = await withTaskGroup(of: Void.self) { group in
    group.addTask { await scope.scorePending() }
    let result: Result<Value, Failure>
    do throws(Failure) {
      result = .success(try await body(scope))
    } catch {
      result = .failure(error)
    }
    scope.end()
    // A fifth of the limit remains for writing the runs without a score.
    let limit = options.flushLimit * 0.8
    group.addTask { try? await scope.recorder.time.sleep(limit) }
    await group.next()
    group.cancelAll()
    return result
  }
  let left = await recorder.flush(within: options.flushLimit * 0.2)
  if left > 0 {
    logger.error(
      "evidence may not be recorded: rows are still waiting for the database",
      metadata: ["rows": "\(left)", "path": "\(recorder.path)"])
  }
  return try result.get()
}

/// Scores and records the runs of the agents of one
/// ``withMetacognition(scorer:recorder:options:logger:isolation:_:)``.
public final class MetacognitionScope: Sendable {
  /// Writes the rows. Use it for gates and for rows of your own.
  public let recorder: EvidenceRecorder
  /// Scores the runs.
  public let scorer: any QualityScorer
  let options: MetacognitionOptions
  let logger: Logger
  private let pending: Mutex<PendingRuns>
  /// Yields an element when runs are pending, and ends with the scope.
  private let wakes: AsyncStream<Void>
  private let wake: AsyncStream<Void>.Continuation

  init(
    scorer: any QualityScorer, recorder: EvidenceRecorder, options: MetacognitionOptions,
    logger: Logger
  ) {
    self.scorer = scorer
    self.recorder = recorder
    self.options = options
    self.logger = logger
    pending = Mutex(PendingRuns(capacity: options.capacity))
    (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Accepts a run without waiting.
  func submit(_ run: PendingRun) {
    var run = run
    let limit = recorder.time.elapsed() + options.scoringLimit
    run.deadline = min(run.deadline ?? limit, limit)
    if let refusal = pending.withLock({ $0.add(run) }) {
      recordUnscored(run, refusal)
      run.completion?.resume(())
    } else {
      wake.yield()
    }
  }

  /// Accepts a run and waits until it is done, `limit` has passed, or the task is cancelled.
  func complete(_ run: PendingRun, within limit: Duration) async {
    _ = try? await recorder.time.within(limit) { [self] in
      let current = Mutex<Completion<Void>?>(nil)
      await withTaskCancellationHandler {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
          let completion = Completion(continuation)
          current.withLock { $0 = completion }
          if Task.isCancelled { completion.resume(()) }
          var run = run
          run.deadline = recorder.time.elapsed() + limit
          run.completion = completion
          submit(run)
        }
      } onCancel: {
        current.withLock { $0 }?.resume(())
      }
    }
  }

  func end() {
    pending.withLock { $0.end() }
    wake.finish()
  }

  /// Scores pending runs until the scope ends. If it is cancelled, it records the rest without a
  /// score.
  func scorePending() async {
    await withTaskGroup(of: Void.self) { group in
      var running = 0
      for await _ in wakes { await start(&group, &running) }
      // In a cancelled task the loop above ends at once, even if runs are pending.
      pending.withLock { $0.end() }
      await start(&group, &running)
    }
  }

  private func start(_ group: inout TaskGroup<Void>, _ running: inout Int) async {
    while let run = pending.withLock({ $0.next() }) {
      if running == options.concurrentEvaluations {
        await group.next()
        running -= 1
      }
      running += 1
      group.addTask { await self.score(run) }
    }
  }
}
