enum PostgresKey: String, CaseIterable, Sendable {
  case host
  case port
  case database
  case user
  case service
  case passwordFile = "password_file"
  case table
  case sslMode = "sslmode"
  case sslRootCertificate = "sslrootcert"
  case sslCertificate = "sslcert"
  case sslKey = "sslkey"
  case session = "target_session_attrs"
  case pollInterval = "poll_interval"
  case orderWait = "order_wait"
  case connectTimeout = "connect_timeout"
}

extension PostgresAddress {
  init(_ value: ConfigurationValue) throws(ConfigurationError) {
    try Self.refusePassword(value)
    let section = try value.section(PostgresKey.self)
    host = try section[.host]?.host()
    port = try section[.port]?.integer(in: 1...65_535)
    database = try section[.database]?.word("the name of a database, and no URL")
    user = try section[.user]?.word("the name of a role")
    service = try section[.service]?.word("a section of pg_service.conf")
    passwordFile = try section[.passwordFile]?.fileBesideConfiguration()
    if let value = section[.table] {
      table = try value.scalar(expected: TableName.expectation) { TableName(sql: $0) }
    }
    tls.mode = try section[.sslMode]?.choice(of: TLS.Mode.self)
    tls.rootCertificate = try section[.sslRootCertificate]?.fileBesideConfiguration()
    tls.certificate = try section[.sslCertificate]?.fileBesideConfiguration()
    tls.key = try section[.sslKey]?.fileBesideConfiguration()
    session = try section[.session]?.choice(of: Session.self) ?? .any
    if let value = section[.pollInterval] { pollInterval = try value.seconds(in: 0.01...60) }
    if let value = section[.orderWait] { orderWait = try value.seconds(in: 0...60) }
    if let value = section[.connectTimeout] { connectTimeout = try value.seconds(in: 1...60) }
    guard service != nil || database != nil else {
      throw value.refused("a table without a database", expected: "the key database, or service")
    }
    for (key, given) in [(PostgresKey.host, host), (.database, database)] where service != nil {
      guard given == nil, port == nil else {
        throw (section[key] ?? section[.port] ?? value).refused(
          because: "the service says it", expected: "service alone, or host, port and database")
      }
    }
  }

  /// A message about a password must not show it.
  private static func refusePassword(_ value: ConfigurationValue) throws(ConfigurationError) {
    guard case .mapping(let entries) = value.node.content else { return }
    for entry in entries where entry.key == "password" {
      throw ConfigurationError(
        file: value.file, place: entry.place, key: "\(value.key).password",
        value: "a password in the configuration",
        expected: "password_file, a passfile of libpq, or the environment variable PGPASSWORD")
    }
  }
}

extension ConfigurationValue {
  fileprivate func word(_ expected: String) throws(ConfigurationError) -> String {
    // What looks like a URL or a connection string may hold a password.
    guard case .scalar(let text, _) = node.content, !node.isNull,
      (1...1024).contains(text.utf8.count), !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }),
      !text.utf8.contains(UInt8(ascii: "=")), !StorePath.isURI(text)
    else { throw refused(kind, expected: expected) }
    return text
  }

  fileprivate func host() throws(ConfigurationError) -> String {
    let expected = "a host name, several with commas, or a socket's directory"
    let host = try word(expected)
    // The part before an @ may be a password.
    guard !host.utf8.dropFirst().contains(UInt8(ascii: "@")) else {
      throw refused(kind, expected: expected)
    }
    return host
  }

  /// A path relative to the directory of the configuration.
  fileprivate func fileBesideConfiguration() throws(ConfigurationError) -> String {
    let text = try scalar(expected: "the path of a file") { text in
      text.isEmpty || text.utf8.contains(0) ? nil : text
    }
    return StorePath.path(text, besideFile: file)
  }

  fileprivate func choice<Choice: CaseIterable & RawRepresentable<String>>(
    of _: Choice.Type
  ) throws(ConfigurationError) -> Choice {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return try scalar(expected: "one of \(words)") { Choice(rawValue: $0) }
  }

  fileprivate func seconds(
    in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double {
    let (low, high) = (range.lowerBound * 1000, range.upperBound)
    let lowest = low < 1000 ? "\(Int(low))ms" : "\(Int(low / 1000))s"
    return try scalar(
      expected: "a duration from \(low == 0 ? "0s" : lowest) to \(Int(high))s, such as 500ms"
    ) { text in
      (text == "0" ? 0 : DurationText.seconds(text)).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}
