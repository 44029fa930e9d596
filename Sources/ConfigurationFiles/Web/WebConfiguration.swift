/// The web configuration: the file of `--web.config.file`, in the format that Prometheus and
/// its exporters share (exporter-toolkit, docs/web-configuration.md).
package struct WebConfiguration: Sendable {
  /// `nil` serves plain HTTP.
  package var tls: TLSSettings?
  /// The headers to set in every response.
  package var headers: [HeaderKey: String] = [:]
  /// The users that are let in, by the bytes of their names. If it is empty, everybody is let in.
  package var users: [[UInt8]: BcryptHash] = [:]
  package var rateLimit: RateLimit?

  package init() {}

  /// Allows a request every `interval`, and `burst` of them at once.
  package struct RateLimit: Hashable, Sendable {
    package var interval: Duration
    package var burst: Int

    package init(interval: Duration, burst: Int) {
      self.interval = interval
      self.burst = burst
    }
  }
}
