package import ConfigurationFiles
package import EvidenceStore
import Glibc
package import LinuxSystem
import ReadingOrder
package import ReflexiveCore

/// Follows a table of evidence in a PostgreSQL database.
///
/// It asks for the ids that it has not read (``UnreadIDs``), by one SELECT at a time, and has no
/// transaction open between two. It blocks, for 5 seconds at each wait. Not thread-safe: one caller at a
/// time.
package final class PostgresTail: EvidenceSource {
  /// A statement whose rows are being taken.
  struct Statement {
    var gaps: [ClosedRange<Int64>]
    var tail: Int64
    var limit: Int
    var start: Int64
    var bytes = 0
    var tailRows = 0
  }

  static let byteLimit = 4 << 20
  /// The interval at which the tail checks the identity of the server, in milliseconds.
  private static let identityInterval: Int64 = 5000

  package let path: String
  let address: PostgresAddress
  private let payloadLimit: Int
  private let stop: StopSignal?
  var session: PostgresSession?
  private var rotation = 0
  private(set) var identityDue: Int64?
  var statement: Statement?
  var limit = ReadLimit()
  /// What is known of the table; a failed turn keeps it.
  var reading: TableReading
  private var server = ServerState()
  private var reset: ResetReason?
  private var notes: [String] = []
  /// The latest warnings, so that each is logged once.
  private var warnings: [String] = []
  /// Since when the newest rows have been missing on a server that tells nothing of its history.
  private var missingSince: Int64?
  /// What the latest turn found, where another one without a row finds the same.
  var quiet: Pass?
  var look: TailLook?
  /// Before this time, nothing but a row makes another turn. Valid while a look has no answer.
  var quietUntil = Int64.min
  /// An answer that is taken sooner than this after its question, in milliseconds, has woken the thread.
  let shortestLook: Int64
  /// The failure of the latest look, which the next turn throws.
  var lookFailure: StoreReadError?

  /// Opens nothing.
  ///
  /// - Parameters:
  ///   - payloadLimit: bytes of UTF-8 above which a payload becomes ``SQLiteValue/tooLarge``.
  ///   - stop: ends its waits.
  ///   - position: where another tail of this table was.
  package init(
    _ address: PostgresAddress, payloadLimit: Int, stop: StopSignal? = nil,
    resumingAt position: TablePosition? = nil
  ) {
    self.address = address
    self.payloadLimit = payloadLimit
    self.stop = stop
    path = address.url
    shortestLook = Int64(address.pollInterval * 500)
    reading = TableReading(position, at: milliseconds())
  }

  /// `nil` before the first turn that worked.
  package var position: TablePosition? { reading.position }

  package func readBatch(
    into batch: inout EvidenceBatch, limit _: Int
  ) throws(StoreReadError) -> Pass {
    batch.removeAll()
    do throws(StoreReadError) {
      if let failure = lookFailure.take() { throw failure }
      let session = try open()
      if look?.asked != nil { _ = try look?.takeAnswer() }
      if statement == nil { try checkIdentity(session) }
      let reachedEnd = try readTurn(session, into: &batch)
      let isQuiet = reachedEnd && batch.rows.isEmpty && reading.queue.isEmpty && reset == nil
      if isQuiet, let quiet {
        try lookAhead(at: milliseconds())
        return quiet
      }
      let pass = finish(session, &batch, reachedEnd: reachedEnd)
      quiet = isQuiet && pass.notes.isEmpty ? pass : nil
      return pass
    } catch {
      batch.removeAll()
      statement = nil
      identityDue = nil
      quiet = nil
      look = nil
      if session?.connection.isBroken ?? true || error.kind != .locked { session = nil }
      limit.reset()
      throw error
    }
  }

  private func open() throws(StoreReadError) -> PostgresSession {
    if let session { return session }
    do throws(StoreReadError) {
      let opened = try PostgresSession(
        address, payloadLimit: payloadLimit, rotation: rotation, stop: stop)
      let found = try RoleInspection(opened, address).warnings
      notes += found.filter { !warnings.contains($0) }
      warnings = found
      session = opened
      identityDue = nil
      return opened
    } catch {
      // A server that does not answer is tried last the next time.
      if error.kind == .io { rotation &+= 1 }
      throw error
    }
  }
}

// MARK: - Identity

extension PostgresTail {
  private func checkIdentity(_ session: PostgresSession) throws(StoreReadError) {
    let now = milliseconds()
    if let identityDue, now < identityDue { return }
    quiet = nil
    var state = try session.state()
    if state.identity.table != session.query.definition.oid {
      try session.readDefinition()
      state = try session.state()
    }
    try judge(state, session)
    server = state
    reading.identity = (reading.identity ?? ServerIdentity()).updated(by: state.identity)
    identityDue = milliseconds() + Self.identityInterval
  }

  private func judge(_ state: ServerState, _ session: PostgresSession) throws(StoreReadError) {
    guard let before = reading.identity, let tailID = reading.queue.highestID else { return }
    var rows = EvidenceBatch()
    try session.append(
      session.query.rows(),
      [.int8s(reading.witnesses.all.map(\.id)), .int8(Int64(reading.witnesses.all.count))],
      to: &rows)
    let report = WitnessReport(reading.witnesses, rows, time: session.query.definition.info)
    let decision = ResetDecision(
      ResetDecision.Question(
        before: before, now: state, witnesses: report, tailID: tailID,
        highestIsUnread: state.highestID.map { reading.unread.contains($0) } ?? false))
    switch decision {
    case .wait:
      throw StoreReadError(
        .recovery, "\(path): the standby is behind what was read; waiting for it")
    case .goOn: if isForgotten(state, report, tailID) { begin(.truncated) }
    case .goOnElsewhere: notes.append("the table is in another place, with the same rows")
    case .goOnWithoutForgottenRows:
      notes.append(
        "the server restarted and has forgotten rows that it had shown; they stay counted")
    case .reset(let reason): begin(reason)
    }
  }

  private func begin(_ reason: ResetReason) {
    reading = TableReading(nil, at: milliseconds())
    limit.reset()
    missingSince = nil
    reset = reason
  }

  /// On a server without a history: the newest rows have been missing for a minute, while lower ones
  /// are there.
  private func isForgotten(_ state: ServerState, _ report: WitnessReport, _ tailID: Int64) -> Bool {
    guard state.identity.position == nil, report.latestMissing == Witnesses.latestCount,
      let highestID = state.highestID, highestID < tailID
    else {
      missingSince = nil
      return false
    }
    let now = milliseconds()
    let since = missingSince ?? now
    missingSince = since
    return now - since >= 60_000
  }
}

// MARK: - The end of a turn

extension PostgresTail {
  private func finish(
    _ session: PostgresSession, _ batch: inout EvidenceBatch, reachedEnd: Bool
  ) -> Pass {
    let definition = session.query.definition
    reading.witnesses.add(batch, time: definition.info)
    if reading.identity == nil { reading.identity = server.identity }
    reading.hasBegun = true
    defer { (reset, notes) = (nil, []) }
    let tailID = reading.queue.highestID
    let held = reading.queue.highestHeldID
    let highestID = [reachedEnd ? held : server.highestID, held, tailID].compactMap(\.self).max()
    return Pass(
      reset: reset, tailID: tailID, highestID: highestID,
      info: StoreInfo(timeColumn: definition.info, journalMode: session.role),
      sizeBytes: server.sizeBytes, reachedEnd: reachedEnd,
      gaps: Pass.Gaps(
        unread: reading.unread.gaps.count, late: reading.queue.lateRows,
        forgotten: reading.unread.forgottenGaps),
      notes: notes)
  }
}

/// Milliseconds of a clock that never goes back.
func milliseconds() -> Int64 { readClock(CLOCK_MONOTONIC) / 1_000_000 }
