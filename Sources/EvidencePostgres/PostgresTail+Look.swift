import ConfigurationFiles
package import EvidenceStore
import ReadingOrder

extension PostgresTail {
  /// The longest interval in which an answer may lie unread, in seconds: so soon a lost connection is
  /// noticed.
  private static let longestSilence = 1.0

  /// Can be read from once there is a row; -1 where nothing was asked ahead of time.
  package var answerDescriptor: Int32 { look?.descriptor ?? -1 }

  /// Asks, at the least expense, whether there is a row above all that were read. After a turn that
  /// found none, most often there is none, and no gap is due.
  package func check() -> EvidenceTail.Check {
    do throws(StoreReadError) {
      return try isStillQuiet(at: milliseconds()) ? .idle : .changed
    } catch {
      lookFailure = error
      return .changed
    }
  }

  private func isStillQuiet(at now: Int64) throws(StoreReadError) -> Bool {
    guard let look, let asked = look.asked else { return try askFirst(at: now) }
    guard try !look.takeAnswer(), now < quietUntil || isQuiet(at: now) else { return false }
    if now - asked < shortestLook {
      // The answer woke the thread. To ask again at once would never let it sleep.
      look.forgetBytes()
    } else {
      try look.ask(at: now)
    }
    return true
  }

  private func askFirst(at now: Int64) throws(StoreReadError) -> Bool {
    guard isQuiet(at: now), let session, let tail = reading.unread.firstAbove else { return false }
    let look = look.flatMap { $0.isOf(session) ? $0 : nil } ?? TailLook(session, above: tail)
    self.look = look
    look.move(to: tail)
    guard try !look.measure(at: now) else { return false }
    try lookAhead(at: now)
    return true
  }

  /// Whether only a row above all that were read can make the next turn another one than the latest.
  private func isQuiet(at now: Int64) -> Bool {
    guard quiet != nil, statement == nil, let identityDue, now < identityDue else { return false }
    return reading.unread.due(at: now).isEmpty
  }

  /// Asks for the next turn, if nobody wakes for the answer that there is no row.
  func lookAhead(at now: Int64) throws(StoreReadError) {
    guard address.pollInterval <= Self.longestSilence, let session, let look, look.isSilent,
      look.isOf(session), let tail = reading.unread.firstAbove
    else { return }
    look.move(to: tail)
    quietUntil = min(identityDue ?? .min, reading.unread.nextLook)
    try look.ask(at: now)
  }
}
