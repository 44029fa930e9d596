import ArgumentParser
import Checking
import ConfigurationFiles
import ExporterApp
import Following
import LinuxSystem
import ReflexiveCore

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Judges the evidence of stores against their objectives, for CI.",
    discussion: """
      Reads each store once and prints the verdicts that pages and alert rules give, too. Exit code 0: \
      all is good. 1: something is breached. 2: it cannot be told, because a store cannot be read, has \
      no evidence, or the command line is wrong. 2 wins over 1.
      """)

  @OptionGroup var stores: CheckedStoreFlags
  @OptionGroup var verdicts: VerdictFlags

  @Option(
    name: .customLong("since"),
    help: ArgumentHelp(
      "Judge only rows after this: 24h, 2026-01-02T03:04:05Z or id:1234. (default: every row)",
      valueName: "start"))
  var since: String?

  @Option(
    name: .customLong("no-data"),
    help: ArgumentHelp(
      "How to judge a lack of data: error, fail or pass. (default: error)",
      valueName: "outcome"))
  var noData: String?

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      """
      table, json, junit, github or markdown, to standard output or with =FILE to a file; can be \
      repeated. (default: table)
      """, valueName: "format"))
  var output: [String] = []

  @Option(
    name: .customLong("time-limit"),
    help: ArgumentHelp("The time for reading all stores. (default: 60s)", valueName: "duration"))
  var timeLimit: String?

  func run() async throws {
    let now = TimeSource.system.wall()
    let targets = try outputTargets()
    let range: CheckRange = try FlagValue.parse("since", since, .all, CheckRange.expectation) {
      CheckRange(since: $0, now: now)
    }
    let noData: NoDataPolicy = try FlagValue.parse(
      "no-data", noData, .error, "one of error, fail, pass"
    ) { NoDataPolicy(rawValue: $0) }
    let timeLimit: Double = try FlagValue.parse(
      "time-limit", timeLimit, 60, "a duration such as 60s"
    ) { DurationText.seconds($0) }
    let selection = try stores.selection()
    let check = Check(
      stores: selection.stores, range: range, filter: try verdicts.filter(), noData: noData,
      timeLimit: .seconds(timeLimit))
    let report = await check.run(now: now, errors: selection.errors)
    let failures = write(report, to: targets)
    let code = failures.isEmpty ? report.exitCode : 2
    if code != 0 { throw ExitCode(code) }
  }

  private func outputTargets() throws -> [OutputTarget] {
    let texts = output.isEmpty ? EnvironmentFlags.values(of: "output") : output
    let targets = try texts.map { text in
      guard let target = OutputTarget(text) else {
        throw FlagValue.refused("output", text, OutputTarget.expectation)
      }
      return target
    }
    let paths = targets.map(\.path)
    guard Set(paths).count == paths.count else {
      throw UsageError(
        message:
          "--output: two outputs have one place: expected a separate file for each, and at most "
          + "one output to standard output")
    }
    return targets.isEmpty ? [.table] : targets
  }

  /// Writes the outputs, files first. One that cannot be written does not stop the others.
  ///
  /// - Returns: the outputs that could not be written. Standard error has told why.
  private func write(_ report: CheckReport, to targets: [OutputTarget]) -> [String] {
    var failures: [String] = []
    for target in targets.filter({ $0.path != nil }) + targets.filter({ $0.path == nil }) {
      let bytes = Array(target.format.text(of: report).utf8)
      do throws(SystemFailure) {
        if let path = target.path {
          try OutputFile.write(bytes, to: path)
        } else {
          try OutputFile.writeToStandardOutput(bytes)
        }
      } catch {
        failures.append("--output \(target.format.rawValue): \(error)")
      }
    }
    let isSilent = !targets.contains { $0.path == nil }
    for line in failures + (isSilent ? report.errorLines : []) {
      let text = "reflexive-exporter: \(escapedForOneLine(line))\n"
      LineLogHandler.writeToStandardError(Array(text.utf8))
    }
    return failures
  }
}

/// The flags that select the stores to check.
struct CheckedStoreFlags: ParsableArguments {
  @Option(
    name: .customLong("store"), parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Evidence databases or quoted globs. A store that the configuration lists takes its name, scale \
      and objectives from there. (default: the stores of the configuration)
      """, valueName: "path"))
  var store: [String] = []

  @Option(
    name: .customLong("config.file"),
    help: ArgumentHelp("The configuration file of the exporter, in YAML.", valueName: "file"))
  var configFile: String?

  func selection() throws -> StoreSelection {
    let arguments = store.isEmpty ? EnvironmentFlags.values(of: "store") : store
    var configuration = ExporterConfiguration()
    if let file = configFile ?? EnvironmentFlags.value(of: "config.file") {
      configuration = try ExporterConfiguration.load(file: file)
    }
    guard !arguments.isEmpty || !configuration.stores.isEmpty else {
      throw UsageError(
        message: "nothing to check: give --store PATH, or --config.file FILE with a list of stores")
    }
    return try StoreSelection(configuration, arguments: arguments)
  }
}

/// The flags that select verdicts.
struct VerdictFlags: ParsableArguments {
  @Option(
    name: .customLong("agent"),
    help: ArgumentHelp("Judge only this agent; can be repeated.", valueName: "name"))
  var agent: [String] = []

  @Option(
    name: .customLong("gate"),
    help: ArgumentHelp("Judge only this gate; can be repeated.", valueName: "name"))
  var gate: [String] = []

  @Option(
    name: .customLong("subject"),
    help: ArgumentHelp("Judge only this subject; can be repeated.", valueName: "name"))
  var subject: [String] = []

  @Option(
    name: .customLong("indicator"),
    help: ArgumentHelp(
      """
      Judge only this indicator: qsr, consistency_streak, drop, threshold, rmm, rejected or clarity; can be \
      repeated.
      """, valueName: "name"))
  var indicator: [String] = []

  func filter() throws -> VerdictFilter {
    let known = Verdict.Indicator.allCases.map(\.rawValue).joined(separator: ", ")
    let indicators = try values(indicator, "indicator").map { text in
      guard let indicator = Verdict.Indicator(rawValue: text) else {
        throw FlagValue.refused("indicator", text, "one of \(known)")
      }
      return indicator
    }
    let filter = VerdictFilter(
      names: [
        .agent: values(agent, "agent").map { LabelValue($0) },
        .gate: values(gate, "gate").map { LabelValue($0) },
        .subject: values(subject, "subject").map { LabelValue($0) },
      ], indicators: Set(indicators))
    if let kind = filter.kindWithoutIndicator {
      throw UsageError(
        message: "--\(kind.rawValue): no indicator of --indicator applies to \(kind.rawValue)s")
    }
    return filter
  }

  private func values(_ given: [String], _ flag: String) -> [String] {
    given.isEmpty ? EnvironmentFlags.values(of: flag) : given
  }
}
