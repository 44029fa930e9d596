import ArgumentParser
import ConfigurationFiles
import ExporterApp

struct Probe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Asks the daemon on this machine whether it is ready: exit code 0, or 1.",
    discussion: """
      Reads the same flags and environment as the daemon, and asks /-/ready at the first address, over \
      TLS if the daemon uses it, without checking the certificate. If the daemon requires client \
      certificates, the probe cannot ask and reports that.
      """)

  @OptionGroup var web: WebFlags

  func run() async throws {
    do {
      try await ReadinessProbe(web.serveOptions()).run()
      print("ready")
    } catch let failure as ReadinessProbe.Failure {
      throw FailedCommand(message: failure.description)
    } catch let error as ConfigurationError {
      throw FailedCommand(message: error.description)
    }
  }
}
