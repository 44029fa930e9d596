import ConfigurationFiles
package import EvidenceStore
package import LinuxSystem
package import Logging
package import ReflexiveCore
package import RowIndex
import Synchronization

/// A store that is followed: its tail, and the state that scrapes read.
package final class FollowedStore: Sendable {
  /// The settings for reading and counting a store.
  package struct Settings: Hashable, Sendable {
    package var indicators: StoreIndicators.Settings
    /// The divisor of every score.
    package var scoreScale: Double
    /// The largest payload in bytes.
    package var payloadLimit: Int

    package init(
      indicators: StoreIndicators.Settings = .init(), scoreScale: Double = 1,
      payloadLimit: Int = 1 << 20
    ) {
      self.indicators = indicators
      self.scoreScale = scoreScale
      self.payloadLimit = payloadLimit
    }
  }

  /// The result of a turn or a quick check.
  package enum Turn: Hashable, Sendable {
    /// Nothing new, and there can be nothing until a writer changes the files.
    case idle
    /// Like ``idle``, but a WAL is open, which a later check closes.
    case walOpen
    /// Nothing new. A writer may commit without another file event.
    case unchanged
    /// New rows, and no more for now.
    case readToEnd
    /// There are, or may be, more rows, which only ``tick()`` reads.
    case more
    case failed(StoreReadError.Kind)
  }

  struct Reader {
    var settings: Settings
    var source: any FollowedSource
    var decoder: EvidenceDecoder
    var batch = EvidenceBatch()
    /// Whether the checkpoint, if there is one, has not been read yet.
    var isFresh = false
    /// Whether the last turn found no file.
    var isMissing = false
    /// A checkpoint that no pass has yet shown to belong to this store.
    var unproven: StoreCheckpoint?

    /// The latest pass, if it reached the end.
    var latestPass: Pass?

    init(_ place: StorePlace, settings: Settings, stop: StopSignal?) {
      self.settings = settings
      source = place.source(payloadLimit: settings.payloadLimit, stop: stop)
      decoder = EvidenceDecoder(scoreScale: settings.scoreScale)
    }
  }

  /// The most rows of a pass. The database is released between passes.
  private static let batchRows = 1000
  /// The most passes of a turn, so that the stores of a daemon take turns.
  private static let passesPerTurn = 16

  package let place: StorePlace
  /// Ends the turns of a store with a thread of its own; `nil` for a file.
  let stop: StopSignal?
  package let state: StoreState
  package let news = StoreNews()
  /// Tells which rows may match a filter; `nil` without a state directory.
  package let index: RowIndex?
  let indexUpkeep = Mutex(IndexUpkeep())
  /// Held while the index is filled.
  let indexFilling = Mutex(())
  let time: TimeSource
  let logger: Logger
  let reader: Mutex<Reader>
  /// The settings, for readers that do not wait for the tail.
  private let readSettings: Mutex<Settings>
  let keeper: CheckpointKeeper?

  /// - Parameters:
  ///   - place: the place where the rows are.
  ///   - shownPath: the value of the label `path`.
  ///   - checkpoints: the directory for its checkpoint and the index of its rows, if they are kept.
  ///   - blockRows: the number of rows that fill a block of the index.
  package init(
    name: String, place: StorePlace, shownPath: String, settings: Settings, time: TimeSource,
    checkpoints: StateDirectory? = nil, blockRows: Int = RowIndex.usualBlockRows, logger: Logger
  ) {
    self.place = place
    stop = place.isFile ? nil : StopSignal()
    state = StoreState(name: name, path: shownPath, settings: settings.indicators)
    var reader = Reader(place, settings: settings, stop: stop)
    reader.isFresh = true
    self.reader = Mutex(reader)
    readSettings = Mutex(settings)
    self.time = time
    var logger = logger
    logger[metadataKey: "store"] = .string(name)
    self.logger = logger
    keeper = checkpoints.map { [logger] directory in
      CheckpointKeeper(directory, name: name, path: place.path, time: time, logger: logger)
    }
    // The index takes rows in order of id only.
    index = place.isFile ? keeper?.makeIndex(blockRows: blockRows) : nil
  }

  /// Creates a store in a file.
  package convenience init(
    name: String, path: String, shownPath: String, settings: Settings, time: TimeSource,
    checkpoints: StateDirectory? = nil, blockRows: Int = RowIndex.usualBlockRows, logger: Logger
  ) {
    self.init(
      name: name, place: .file(path), shownPath: shownPath, settings: settings, time: time,
      checkpoints: checkpoints, blockRows: blockRows, logger: logger)
  }

  package var name: String { state.name }

  package var path: String { place.path }

  /// Reads single rows, with a connection of its own.
  var rows: any RowSource { place.rows(payloadLimit: settings.payloadLimit) }

  /// How often to look at a store without file events.
  var pollInterval: Duration {
    if case .table(let address) = place { .seconds(address.pollInterval) } else { .seconds(1) }
  }

  /// The settings for reading and counting the rows.
  package var settings: Settings { readSettings.withLock { $0 } }

  /// A descriptor that is readable once ``tick()`` finds something; -1 if nothing tells. The store may have
  /// closed it by now, so only wait for it, and not for long.
  var answerDescriptor: Int32 { reader.withLock { $0.source.answerDescriptor } }

  /// Reads new rows, if there are any. Blocks, and waits some milliseconds at most for a lock of
  /// another process.
  package func tick() -> Turn {
    reader.withLock { reader in
      if reader.isFresh { loadCheckpoint(&reader) }
      let checked = turn(reader.source.check(), reader.source)
      // Without a WAL, a pass waits for the writer.
      if let checked, checked != .unchanged || !reader.source.isLockedByWriters { return checked }
      do throws(StoreReadError) {
        reader.isMissing = false
        for _ in 0..<Self.passesPerTurn {
          if try pass(&reader) {
            defer { reader.batch.removeAllAfterCatchUp() }
            return checked == .unchanged && reader.batch.rows.isEmpty ? .unchanged : .readToEnd
          }
          // There are rows that cannot be read yet. It helps to try later, but not at once.
          if reader.batch.rows.isEmpty { return .unchanged }
        }
        return .more
      } catch {
        fail(error)
        reader.isMissing = error.kind == .missing
        return .failed(error.kind)
      }
    }
  }

  /// Reads new rows if that takes microseconds and waits for nothing. ``Turn/more`` means that only
  /// ``tick()`` can read them. If a writer is in the way, the result is `.failed(.locked)`, which
  /// does not count as a read error.
  package func tickAtOnce() -> Turn {
    reader.withLock { reader in
      if reader.isFresh || reader.isMissing { return check(reader) }
      switch reader.source.readBatchAtOnce(into: &reader.batch, limit: Self.batchRows) {
      case .nothing(let check):
        return turn(check, reader.source).map { locked($0, reader) } ?? .more
      case .read(let pass, let check):
        guard take(pass, &reader) else { return .more }
        return check == .idle ? .idle : check == .walOpen ? .walOpen : .readToEnd
      case .locked: return .failed(.locked)
      case .unprepared: return .more
      }
    }
  }

  /// A quick check, which reads no rows. ``Turn/more`` means that a turn could find something. If
  /// there is nothing new, it confirms that the store is read to its end.
  package func check() -> Turn {
    reader.withLock { check($0) }
  }

  private func check(_ reader: Reader) -> Turn {
    if reader.isMissing { return FileStatus.isMissing(path) ? .failed(.missing) : .more }
    if reader.isFresh { return .more }
    return turn(reader.source.check(), reader.source).map { locked($0, reader) } ?? .more
  }

  /// Without a WAL, a writer in a transaction may have the store locked.
  private func locked(_ turn: Turn, _ reader: Reader) -> Turn {
    turn == .unchanged && reader.source.isLockedByWriters ? .failed(.locked) : turn
  }

  /// - Returns: `nil` if there is something to read.
  private func turn(_ check: EvidenceTail.Check, _ source: any FollowedSource) -> Turn? {
    let turn: Turn
    switch check {
    case .changed: return nil
    case .writing: turn = .unchanged
    case .walOpen: turn = .walOpen
    case .idle: turn = .idle
    }
    if turn != .unchanged || !source.isLockedByWriters { state.confirmEnd(now: time.wall()) }
    return turn
  }

  /// Applies other settings: in place if the counters stay the same, else by reading the rows
  /// again.
  package func configure(_ settings: Settings) {
    reader.withLock { reader in
      let isReadAlike =
        reader.settings.scoreScale == settings.scoreScale
        && reader.settings.payloadLimit == settings.payloadLimit
      if isReadAlike, state.adopt(settings.indicators) {
        reader.settings = settings
        _ = reader.unproven?.indicators.adopt(settings.indicators)
      } else {
        logger.info("counting the evidence again under other settings")
        reader = Reader(place, settings: settings, stop: stop)
        index?.clear()
        state.recount(settings.indicators)
      }
      readSettings.withLock { $0 = settings }
    }
  }

  /// - Returns: whether the end was reached.
  private func pass(_ reader: inout Reader) throws(StoreReadError) -> Bool {
    take(try reader.source.readBatch(into: &reader.batch, limit: Self.batchRows), &reader)
  }

  /// - Returns: whether the end was reached.
  private func take(_ pass: Pass, _ reader: inout Reader) -> Bool {
    // Most polls of a table find nothing new.
    if reader.batch.rows.isEmpty, pass == reader.latestPass, state.isUp {
      state.confirmEnd(now: time.wall())
      return true
    }
    reader.latestPass = pass.reachedEnd ? pass : nil
    let pass = prove(pass, &reader)
    let now = time.wall()
    reader.decoder.decode(&reader.batch, now: now)
    let transition = state.apply(pass, &reader.batch, now: time.wall())
    if pass.reset != nil { index?.clear() }
    index?.append(
      reader.batch.evidence, bytes: reader.batch.bytes, tailID: pass.tailID,
      reachedEnd: pass.reachedEnd)
    if pass.reset != nil || !reader.batch.rows.isEmpty { news.announce() }
    keeper?.note(pass, rows: reader.batch.rows.count)
    log(pass, reader.batch.evidence, transition)
    return pass.reachedEnd
  }

  private func log(
    _ pass: Pass, _ evidence: [Evidence], _ transition: StoreState.Transition
  ) {
    if transition == .wentUp { logger.notice("the store can be read again") }
    for note in pass.notes { logger.warning("\(note)", metadata: ["path": .string(path)]) }
    if let reset = pass.reset {
      logger.warning(
        "the store is not the one that was followed; reading it again from its start",
        metadata: ["reason": .string(reset.rawValue), "path": .string(path)])
    }
    guard logger.logLevel <= .debug else { return }
    for row in evidence {
      guard let rejection = row.rejection else { continue }
      logger.debug(
        "rejected evidence",
        metadata: ["id": .stringConvertible(row.id), "reason": .string(rejection.rawValue)])
    }
  }

  private func fail(_ error: StoreReadError) {
    let transition = state.fail(error.kind, at: time.monotonic())
    guard transition == .wentDown else { return }
    logger.warning(
      "the store cannot be read",
      metadata: [
        "kind": .string(error.kind.rawValue), "path": .string(path),
        "error": .string(error.message),
      ])
  }
}
