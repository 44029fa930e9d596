import ArgumentParser
import ConfigurationFiles
import ExporterApp
import Logging

/// The flags of the commands that listen.
struct WebFlags: ParsableArguments {
  @Option(
    name: .customLong("web.listen-address"),
    help: ArgumentHelp(
      "Where to listen; can be repeated; :port listens on every address. (default: 127.0.0.1:10077)",
      valueName: "host:port"))
  var listenAddress: [String] = []

  @Option(
    name: .customLong("web.telemetry-path"),
    help: ArgumentHelp("The path of the metrics. (default: /metrics)", valueName: "path"))
  var telemetryPath: String?

  @Option(
    name: .customLong("web.external-url"),
    help: ArgumentHelp(
      "The URL at which clients reach the exporter, such as that of a reverse proxy.",
      valueName: "url"
    ))
  var externalURL: String?

  @Option(
    name: .customLong("web.route-prefix"),
    help: ArgumentHelp(
      "The prefix of all served paths. (default: the path of --web.external-url)",
      valueName: "path"))
  var routePrefix: String?

  @OptionGroup var configuration: WebConfigurationFlags

  func serveOptions() throws -> ServeOptions {
    var options = ServeOptions()
    let flag = "web.listen-address"
    let addresses = listenAddress.isEmpty ? EnvironmentFlags.values(of: flag) : listenAddress
    if !addresses.isEmpty {
      options.listenAddresses = try addresses.map { text in
        guard let address = ListenAddress(text) else {
          throw UsageError(
            message: "--\(flag): \(quoted(text)) is not allowed: expected "
              + ListenAddress.expectation)
        }
        return address
      }
    }
    if let path = telemetryPath ?? EnvironmentFlags.value(of: "web.telemetry-path") {
      guard ServeOptions.isTelemetryPath(path) else {
        throw UsageError(
          message: "--web.telemetry-path: \(path.debugDescription) is not allowed: expected a path "
            + "such as /metrics, of letters, digits and -._~/, that the exporter does not use itself"
        )
      }
      options.telemetryPath = path
    }
    options.webConfigurationFile = configuration.path
    options.externalURL = externalURL ?? EnvironmentFlags.value(of: "web.external-url")
    options.address = try address(options.externalURL)
    return options
  }

  private func address(_ url: String?) throws -> WebAddress {
    let prefix = routePrefix ?? EnvironmentFlags.value(of: "web.route-prefix")
    do throws(WebAddress.Refusal) {
      return try WebAddress(externalURL: url, routePrefix: prefix)
    } catch {
      let (flag, value) =
        error == .externalURL ? ("web.external-url", url) : ("web.route-prefix", prefix)
      throw UsageError(
        message: "--\(flag): \((value ?? "").debugDescription) is not allowed: \(error.expectation)"
      )
    }
  }
}

/// The flag of the web configuration.
struct WebConfigurationFlags: ParsableArguments {
  @Option(
    name: .customLong("web.config.file"),
    help: ArgumentHelp(
      "TLS, users, headers and rate limit, in the format of the Prometheus exporter-toolkit.",
      valueName: "file"))
  var webConfigFile: String?

  var path: String? { webConfigFile ?? EnvironmentFlags.value(of: "web.config.file") }
}

/// The flags of the log.
struct LogFlags: ParsableArguments {
  @Option(
    name: .customLong("log.level"),
    help: ArgumentHelp(
      "Lowest level to log: debug, info, warn or error. (default: info)",
      valueName: "level"))
  var level: String?

  @Option(
    name: .customLong("log.format"),
    help: ArgumentHelp(
      "Format of log lines: logfmt or json. (default: logfmt)",
      valueName: "format"))
  var format: String?

  func logger() throws -> Logger {
    let levels: [String: Logger.Level] = [
      "debug": .debug, "info": .info, "warn": .warning, "error": .error,
    ]
    let level = level ?? EnvironmentFlags.value(of: "log.level") ?? "info"
    guard let logLevel = levels[level] else {
      throw UsageError(
        message: "--log.level: \(level.debugDescription) is not allowed: expected debug, info, "
          + "warn or error")
    }
    let format = format ?? EnvironmentFlags.value(of: "log.format") ?? "logfmt"
    guard let logFormat = LogFormat(rawValue: format) else {
      throw UsageError(
        message: "--log.format: \(format.debugDescription) is not allowed: expected logfmt or json")
    }
    return Logger(label: "reflexive-exporter") { _ in
      LineLogHandler(format: logFormat, level: logLevel)
    }
  }
}

/// The flags that select the stores to follow.
struct StoreFlags: ParsableArguments {
  @Option(
    name: .customLong("store"),
    help: ArgumentHelp(
      "An evidence database to follow, or a quoted glob; can be repeated.", valueName: "path"))
  var store: [String] = []

  @Option(
    name: .customLong("config.file"),
    help: ArgumentHelp("The configuration file, in YAML.", valueName: "file"))
  var configFile: String?

  private var stores: [String] {
    store.isEmpty ? EnvironmentFlags.values(of: "store") : store
  }
  private var file: String? { configFile ?? EnvironmentFlags.value(of: "config.file") }

  /// Whether there is anything to follow.
  var isGiven: Bool { file != nil || !stores.isEmpty }

  /// Returns the function that reads the configuration, at the start and at every reload.
  func loader() throws -> @Sendable () throws(ConfigurationError) -> ExporterConfiguration {
    let (stores, file) = (stores, file)
    guard isGiven else {
      throw UsageError(
        message: "nothing to follow: give --store PATH, or --config.file FILE with a list of stores"
      )
    }
    return { () throws(ConfigurationError) in
      var configuration = ExporterConfiguration()
      if let file { configuration = try ExporterConfiguration.load(file: file) }
      try configuration.add(storeArguments: stores)
      if configuration.stores.isEmpty {
        throw ConfigurationError(
          source: file ?? "--store", key: "stores", value: "nothing",
          expected: "at least one store here, or one --store PATH")
      }
      return configuration
    }
  }
}
