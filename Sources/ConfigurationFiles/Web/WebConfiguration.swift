/// The web configuration: the file of `--web.config.file`, in the format that Prometheus and
/// its exporters share (exporter-toolkit, docs/web-configuration.md).
package struct WebConfiguration: Sendable {
  /// `nil` serves plain HTTP.
  package var tls: TLSSettings?
  /// Set in every response.
  package var headers: [HeaderKey: String] = [:]
  /// The users that are let in; everybody is if it is empty. Names are compared by their bytes.
  package var users: [[UInt8]: BcryptHash] = [:]
  package var rateLimit: RateLimit?

  package init() {}

  /// A request every `interval`, and `burst` at once.
  package struct RateLimit: Hashable, Sendable {
    package var interval: Duration
    package var burst: Int

    package init(interval: Duration, burst: Int) {
      self.interval = interval
      self.burst = burst
    }
  }
}
