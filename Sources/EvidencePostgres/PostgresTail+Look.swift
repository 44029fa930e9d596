import ConfigurationFiles
package import EvidenceStore
import ReadingOrder

extension PostgresTail {
  /// The longest poll interval, in seconds, with which questions are asked ahead. An answer stays unread for
  /// one interval, and a lost connection unnoticed for as long.
  private static let longestSilence = 1.0

  /// A descriptor that is readable once there is a row; -1 if no question was asked ahead.
  package var answerDescriptor: Int32 { look?.descriptor ?? -1 }

  /// Checks as cheaply as possible whether there is a row above all that were read. After a turn that found
  /// no row there is usually none, and no gap is due.
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
      // The answer woke the thread. Asking again at once would keep it awake.
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

  /// Whether nothing but a row above all that were read can give the next turn a new result.
  private func isQuiet(at now: Int64) -> Bool {
    guard quiet != nil, statement == nil, let identityDue, now < identityDue else { return false }
    return reading.unread.due(at: now).isEmpty
  }

  /// Asks the question of the next turn ahead, if the answer that there is no row wakes no thread.
  func lookAhead(at now: Int64) throws(StoreReadError) {
    guard address.pollInterval <= Self.longestSilence, let session, let look, look.isSilent,
      look.isOf(session), let tail = reading.unread.firstAbove
    else { return }
    look.move(to: tail)
    quietUntil = min(identityDue ?? .min, reading.unread.nextLook)
    try look.ask(at: now)
  }
}
