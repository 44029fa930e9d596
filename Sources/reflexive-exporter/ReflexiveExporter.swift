import ArgumentParser
import ConfigurationFiles
import ExporterApp
import Glibc
import LinuxSystem

/// The command `reflexive-exporter`.
@main
struct ReflexiveExporter: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reflexive-exporter",
    abstract: "Serves the quality of AI agents as Prometheus metrics, from their evidence.",
    discussion: """
      The environment can set every flag with a value: REFLEXIVE_EXPORTER_WEB_LISTEN_ADDRESS \
      stands for --web.listen-address. A flag that can be repeated takes one value per line.
      """,
    version: VersionText.current,
    subcommands: [
      Serve.self, Demo.self, Init.self, Record.self, CheckCommand.self, CheckConfig.self,
      Probe.self,
      Backup.self, MockQSRCommand.self,
    ],
    defaultSubcommand: Serve.self)

  static func main() async {
    EarlySignals.note()
    HeapSettings.keepLittle()
    // A write to a closed pipe or connection must fail with an error, not end the process.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      switch command {
      case is Serve: EarlySignals.exitOnTermination()
      // The demo removes its database first.
      case is Demo: break
      default: EarlySignals.restore()
      }
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let error as UsageError {
      fail(error.message, code: 2)
    } catch let error as ConfigurationError {
      fail(error.description, code: 2)
    } catch let error as FailedCommand {
      fail(error.message, code: 1)
    } catch {
      finish(error)
    }
  }

  /// Exits as the argument parser would, except that a wrong command line exits with code 2, as in
  /// other exporters.
  private static func finish(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    guard code != .validationFailure else {
      fail(message(for: error), code: 2)
    }
    exit(withError: error)
  }

  private static func fail(_ message: String, code: Int32) -> Never {
    let lines = message.utf8.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let line = Array("reflexive-exporter: ".utf8) + lines.joined(separator: " ".utf8) + "\n".utf8
    LineLogHandler.writeToStandardError(line)
    Glibc.exit(code)
  }
}

/// A value of the command line or of the environment that is not allowed. Exit code 2.
struct UsageError: Error {
  var message: String

  /// Throws if `text` is empty or a URI, which as a path would name a file that nobody has.
  static func expectPath(_ text: String, of argument: String) throws {
    guard !text.isEmpty, !StoreConfiguration.isURI(text) else {
      throw UsageError(
        message: "\(argument): \(quoted(text)) is not allowed: expected the path of a database "
          + "file, and no URI")
    }
  }
}

/// A command that could not do its work. Exit code 1.
struct FailedCommand: Error {
  var message: String
}
