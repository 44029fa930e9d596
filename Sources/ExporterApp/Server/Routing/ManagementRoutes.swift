import Following
import Hummingbird

/// Health, readiness and reload, at the same paths as in Prometheus.
struct ManagementRoutes: Sendable {
  let registry: StoreRegistry
  let configuration: ConfigurationService

  var routes: [Route] {
    [
      .probe("/-/healthy") { _, _ in .text(.ok, "healthy\n") },
      .probe("/-/ready") { _, _ in ready() },
      .post("/-/reload") { _, _ in await reload() },
    ]
  }

  private func ready() -> Response {
    registry.isReady
      ? .text(.ok, "ready\n")
      : .text(.serviceUnavailable, "503: a store has not been read to its end yet\n")
  }

  private func reload() async -> Response {
    do {
      try await configuration.reload()
      return .text(.ok, "reloaded\n")
    } catch {
      return .text(.internalServerError, "500: not reloaded: \(error)\n")
    }
  }
}
