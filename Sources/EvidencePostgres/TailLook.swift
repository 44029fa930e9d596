import EvidenceStore

/// The question whether there is a row above all that were read. It is asked ahead of time.
///
/// To wake a thread costs more than the question itself. The answer that there is no row always has
/// the same number of bytes. So the socket can be read from only at one byte more: a thread that waits
/// for it wakes at once where there is a row, and else when it asks again.
final class TailLook {
  private let connection: PostgresConnection
  private let query: String
  private var tail: Int64
  private var question: PostgresConnection.Question
  /// The bytes of the answer that there is no row; 0 before they have been counted.
  private var emptyBytes: Int32 = 0
  /// When the question was asked that has no answer yet, in milliseconds.
  private(set) var asked: Int64?

  init(_ session: PostgresSession, above tail: Int64) {
    connection = session.connection
    query = session.query.anyAbove
    self.tail = tail
    question = PostgresConnection.Question(query, [.int8(tail)])
  }

  /// Can be read from once there is a row, or the connection is closed; -1 if nothing was asked.
  var descriptor: Int32 { asked == nil ? -1 : connection.descriptor }

  /// Whether the answer that there is no row wakes nobody.
  var isSilent: Bool { emptyBytes > 0 }

  /// Whether it asks for rows of the table that the session reads.
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

  /// Takes the answer, and waits for it if it has not come.
  ///
  /// - Returns: whether there is a row.
  func takeAnswer() throws(StoreReadError) -> Bool {
    asked = nil
    try connection.takeInput()
    var isFound = false
    while try connection.nextRow() != nil { isFound = true }
    return isFound
  }

  /// Asks, waits for the answer, and counts its bytes if it has no row.
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

  /// The answer has another number of bytes than it used to.
  func forgetBytes() { emptyBytes = 0 }
}
