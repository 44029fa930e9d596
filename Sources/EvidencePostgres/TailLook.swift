import EvidenceStore

/// Asks, one poll interval ahead, whether there is a row above all that were read.
///
/// Waking a thread costs more than the question itself. The answer that there is no row always has the same
/// number of bytes, so the socket is made readable only from one byte more on. A thread that waits for the
/// socket wakes at once if there is a row, and otherwise only to ask again.
final class TailLook {
  private let connection: PostgresConnection
  private let query: String
  private var tail: Int64
  private var question: PostgresConnection.Question
  /// The size of the answer that there is no row; 0 until it is known.
  private var emptyBytes: Int32 = 0
  /// The time of the question whose answer was not taken yet, in milliseconds.
  private(set) var asked: Int64?

  init(_ session: PostgresSession, above tail: Int64) {
    connection = session.connection
    query = session.query.anyAbove
    self.tail = tail
    question = PostgresConnection.Question(query, [.int8(tail)])
  }

  /// A descriptor that is readable once there is a row or the connection is closed; -1 if there is no
  /// question.
  var descriptor: Int32 { asked == nil ? -1 : connection.descriptor }

  /// Whether the answer that there is no row wakes no thread.
  var isSilent: Bool { emptyBytes > 0 }

  /// Whether it asks about the table that the session reads.
  func isOf(_ session: PostgresSession) -> Bool {
    session.connection === connection && session.query.anyAbove == query
  }

  func move(to tail: Int64) {
    guard tail != self.tail else { return }
    self.tail = tail
    question = PostgresConnection.Question(query, [.int8(tail)])
  }

  func ask(at now: Int64) throws(StoreReadError) {
    if isSilent { connection.wake(atBytes: emptyBytes + 1) }
    try connection.send(question)
    asked = now
  }

  /// Takes the answer, and waits for it if it has not arrived.
  ///
  /// - Returns: whether there is a row.
  func takeAnswer() throws(StoreReadError) -> Bool {
    asked = nil
    try connection.takeInput()
    var isFound = false
    while try connection.nextRow() != nil { isFound = true }
    return isFound
  }

  /// Asks, waits for the answer, and measures its size if it has no row.
  ///
  /// - Returns: whether there is a row.
  func measure(at now: Int64) throws(StoreReadError) -> Bool {
    let before = connection.bytesReceived
    forgetBytes()
    try ask(at: now)
    guard try !takeAnswer() else { return true }
    if let before, let after = connection.bytesReceived {
      emptyBytes = Int32(exactly: after - before) ?? 0
    }
    return false
  }

  /// Forgets the size of the answer, because it has changed.
  func forgetBytes() { emptyBytes = 0 }
}
