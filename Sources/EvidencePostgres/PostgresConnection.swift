import CPostgres
import ConfigurationFiles
import EvidenceStore
import LinuxSystem

/// One connection to a server, by libpq. It blocks, and every wait has a deadline. Not thread-safe:
/// one caller at a time.
final class PostgresConnection {
  /// The longest wait for an answer, in milliseconds.
  static let answerLimit: Int64 = 5000

  let url: String
  private let connection: OpaquePointer
  private let stop: StopSignal?
  /// A statement has been sent, and not all of its rows have been taken.
  private(set) var isBusy = false
  /// The connection is of no use any more.
  private(set) var isBroken = false
  /// The number of bytes from which on the socket is readable.
  private var leastBytes: Int32 = 1

  /// Connects. Blocks; only the look-up of a host name cannot be ended by `stop`.
  ///
  /// - Parameter rotation: how many servers of the list are tried last.
  init(
    _ address: PostgresAddress, encoding: String, rotation: Int = 0, stop: StopSignal?
  ) throws(StoreReadError) {
    url = address.url
    self.stop = stop
    if let failure = pq_load() {
      throw StoreReadError(
        .schema, "\(address.url): \(String(cString: failure)): install libpq 14 or later (libpq5)")
    }
    let parameters = try Self.parameters(address, encoding: encoding, rotation: rotation)
    guard let started = Self.start(parameters) else {
      throw StoreReadError(.io, "\(address.url): no memory for a connection")
    }
    connection = started
    try connect(within: Int64(address.connectTimeout * 1000))
  }

  deinit { pq_finish(connection) }

  private static func start(_ parameters: [(String, String)]) -> OpaquePointer? {
    withCStrings(parameters.map(\.0)) { keywords in
      withCStrings(parameters.map { $0.1 }) { values in pq_connect_start(keywords, values) }
    }
  }

  private static func parameters(
    _ address: PostgresAddress, encoding: String, rotation: Int
  ) throws(StoreReadError) -> [(String, String)] {
    var hosts = address.host.map(PostgresAddress.parts) ?? []
    if !hosts.isEmpty {
      let first = rotation % hosts.count
      hosts = Array(hosts[first...] + hosts[..<first])
    }
    var password: String?
    if let file = address.passwordFile {
      do throws(SystemError) {
        let bytes = try FileContents.read(file, upTo: 1024)
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        password = String(decoding: line, as: UTF8.self)
      } catch {
        throw StoreReadError(.permission, "\(file): the password file cannot be read: \(error)")
      }
    }
    let chosen: [(String, String?)] = [
      ("service", address.service),
      ("host", hosts.isEmpty ? nil : hosts.joined(separator: ",")),
      ("port", address.port.map { String($0) }), ("dbname", address.database),
      ("user", address.user), ("password", password), ("sslmode", address.tlsMode?.rawValue),
      ("sslrootcert", address.tls.rootCertificate), ("sslcert", address.tls.certificate),
      ("sslkey", address.tls.key), ("target_session_attrs", address.session.rawValue),
      ("gssencmode", "disable"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
      ("keepalives_count", "3"), ("tcp_user_timeout", "10000"),
      ("client_encoding", encoding), ("application_name", "reflexive-exporter"),
    ]
    return chosen.compactMap { name, value in value.map { (name, $0) } }
  }

  private func connect(within limit: Int64) throws(StoreReadError) {
    pq_prepare_messages(connection)
    let deadline = milliseconds() + limit
    var polling = PQ_POLLING_WRITING
    var stage = PQ_CONNECTION_NEEDED
    if Int(pq_connection_status(connection)) == PQ_CONNECTION_BAD { throw refusal(at: stage) }
    while polling != PQ_POLLING_OK {
      stage = Int(pq_connection_status(connection))
      try wait(
        until: deadline, reading: polling == PQ_POLLING_READING,
        writing: polling == PQ_POLLING_WRITING)
      polling = Int(pq_connect_poll(connection))
      if polling == PQ_POLLING_FAILED { throw refusal(at: stage) }
    }
    guard pq_set_nonblocking(connection) else { throw failure() }
  }

  /// Why there is no connection. Where libpq has no code, it is told by how far it came: words
  /// depend on the language.
  private func refusal(at stage: Int) -> StoreReadError {
    let message = String(cString: pq_error_message(connection))
    var error = StoreReadError(sqlState: sqlState(in: message), message: message, at: url)
    guard error.sqlState == nil else { return error }
    switch stage {
    case PQ_CONNECTION_NEEDED, PQ_CONNECTION_STARTED: error.kind = .missing
    case PQ_CONNECTION_TLS: error.kind = .permission
    default: if pq_needs_password(connection) { error.kind = .permission }
    }
    return error
  }

  private func wait(
    until deadline: Int64, reading: Bool, writing: Bool
  ) throws(StoreReadError) {
    if reading { wake(atBytes: 1) }
    let left = deadline - milliseconds()
    let outcome =
      left <= 0
      ? 0
      : pq_wait(
        pq_socket(connection), reading, writing, stop?.descriptor ?? -1, Int32(clamping: left))
    if outcome == 1 { return }
    isBroken = true
    throw StoreReadError(
      .io, outcome == 2 ? "\(url): the exporter stops" : "\(url): the server does not answer")
  }

  private func failure() -> StoreReadError {
    isBroken = true
    let message = String(cString: pq_error_message(connection))
    return StoreReadError(sqlState: sqlState(in: message), message: message, at: url)
  }
}

// MARK: - The server

extension PostgresConnection {
  func parameter(_ name: String) -> String { String(cString: pq_parameter(connection, name)) }

  /// 150004 is 15.4.
  var serverVersion: Int { Int(pq_server_version(connection)) }
}

// MARK: - Statements

extension PostgresConnection {
  /// A parameter of a statement, as text.
  struct Parameter {
    var type: UInt32
    var text: String

    static func int8(_ value: Int64) -> Parameter { Parameter(type: 20, text: String(value)) }
    static func text(_ value: String) -> Parameter { Parameter(type: 25, text: value) }

    static func int8s(_ values: [Int64]) -> Parameter {
      Parameter(type: 1016, text: list(values.map { String($0) }))
    }

    static func oids(_ values: [Int64]) -> Parameter {
      Parameter(type: 1028, text: list(values.map { String($0) }))
    }

    private static func list(_ values: [String]) -> String {
      "{" + values.joined(separator: ",") + "}"
    }
  }

  /// A statement with its parameters, in the form in which libpq sends it.
  struct Question {
    /// Ends with a NUL.
    private(set) var statement: [CChar]
    private(set) var types: [UInt32]
    /// Each ends with a NUL.
    private(set) var texts: [CChar] = []

    init(_ statement: String, _ parameters: [Parameter]) {
      self.statement = Array(statement.utf8CString)
      types = parameters.map(\.type)
      for parameter in parameters { texts += parameter.text.utf8CString }
    }
  }

  func send(_ statement: String, _ parameters: [Parameter] = []) throws(StoreReadError) {
    try send(Question(statement, parameters))
  }

  func send(_ question: Question) throws(StoreReadError) {
    let isSent = pq_send(
      connection, question.statement, Int32(question.types.count), question.types, question.texts)
    guard isSent else { throw failure() }
    isBusy = true
    var left = pq_flush(connection)
    if left == 0 { return }
    let deadline = milliseconds() + Self.answerLimit
    while left != 0 {
      guard left > 0 else { throw failure() }
      try wait(until: deadline, reading: true, writing: true)
      guard pq_consume(connection) else { throw failure() }
      left = pq_flush(connection)
    }
  }

  /// The next row of the statement; `nil` after the last one.
  func nextRow() throws(StoreReadError) -> PostgresRow? {
    while let row = try nextResult() {
      let status = row.status
      if status == PQ_TUPLES_OK { continue }
      guard status != PQ_SINGLE_TUPLE else { return row }
      let error = StoreReadError(sqlState: row.sqlState, message: row.message, at: url)
      while try nextResult() != nil {}
      throw error
    }
    return nil
  }

  private func nextResult() throws(StoreReadError) -> PostgresRow? {
    if pq_is_busy(connection) {
      let deadline = milliseconds() + Self.answerLimit
      repeat {
        try wait(until: deadline, reading: true, writing: false)
        guard pq_consume(connection) else { throw failure() }
      } while pq_is_busy(connection)
    }
    guard let result = pq_result(connection) else {
      isBusy = false
      return nil
    }
    return PostgresRow(result)
  }

  /// Runs a statement to its end.
  func run(
    _ statement: String, _ parameters: [Parameter] = [], each: (borrowing PostgresRow) -> Void
  ) throws(StoreReadError) {
    try send(statement, parameters)
    while let row = try nextRow() { each(row) }
  }
}

// MARK: - The socket

extension PostgresConnection {
  var descriptor: Int32 { pq_socket(connection) }

  /// The bytes received so far; `nil` if the system does not count them.
  var bytesReceived: Int64? {
    let count = pq_bytes_received(descriptor)
    return count < 0 ? nil : count
  }

  /// Makes the socket readable only once it has this many bytes, or is closed.
  func wake(atBytes bytes: Int32) {
    if bytes != leastBytes, pq_set_least(descriptor, bytes) { leastBytes = bytes }
  }

  /// Takes the bytes that have arrived, without waiting.
  func takeInput() throws(StoreReadError) {
    guard pq_consume(connection) else { throw failure() }
  }
}

/// Lends texts to C, as an array that ends with NULL.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
  let bytes = texts.map { Array($0.utf8CString) }
  return borrow(bytes[...], [], body)
}

private func borrow<Result>(
  _ texts: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?],
  _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
  guard let first = texts.first else {
    return (pointers + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
  }
  return first.withUnsafeBufferPointer { text in
    borrow(texts.dropFirst(), pointers + [text.baseAddress], body)
  }
}
