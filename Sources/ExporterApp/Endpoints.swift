import Following
import Hummingbird
import LinuxSystem

/// Everything that the exporter serves.
struct Endpoints: Sendable {
  let options: ServeOptions
  let registry: StoreRegistry
  let configuration: ConfigurationService
  let buildInfo: BuildInfo
  let web: WebConfigurationService?
  let queries: EvidenceQueries
  let receiver: Receiver
  let time: TimeSource
  var eventSeats = StreamSeats(limit: 64)

  func buildRouter() -> Router<ClientContext> { build().router }

  /// - Returns: the router, and the table of its routes.
  func build() -> (router: Router<ClientContext>, table: RouteTable) {
    let statistics = HTTPStatistics()
    let routes = routes(statistics)
    let table = RouteTable(routes, prefix: options.address.routePrefix)
    statistics.serve(table.handlers)
    let router = Router(context: ClientContext.self)
    router.addMiddleware {
      HeadMiddleware()
      StatisticsMiddleware(statistics: statistics, table: table, time: time)
      SecurityHeadersMiddleware { [web] in web?.policy.headers ?? [:] }
      if let web {
        RateLimitMiddleware(table: table, limit: { web.policy.rateLimit }, time: time)
        AuthMiddleware(table: table) { web.policy.users }
      }
      UnmatchedRouteMiddleware(table: table, start: options.address.link("/"))
    }
    router.add(routes, prefix: options.address.routePrefix)
    return (router, table)
  }

  private var telemetryPath: RouterPath { RouterPath(options.telemetryPath) }

  private func routes(_ statistics: HTTPStatistics) -> [Route] {
    let pages = MetricsPages(
      snapshot: { snapshot(statistics) }, version: { version(statistics) }, time: time)
    let api = APIRoutes(
      address: options.address, telemetryPath: telemetryPath.description, build: buildInfo,
      registry: registry, configuration: configuration, queries: queries, time: time,
      eventSeats: eventSeats)
    return MetricsEndpoint(path: telemetryPath, pages: pages, time: time).routes
      + PageRoutes(
        address: options.address, telemetryPath: telemetryPath.description, build: buildInfo,
        options: options, registry: registry, configuration: configuration, time: time,
        queries: queries, receiver: receiver, hasEvents: true
      ).routes + api.routes + EvidencePushRoute(receiver: receiver).routes
      + LogsPushRoute(receiver: receiver).routes
      + ManagementRoutes(registry: registry, configuration: configuration).routes
  }

  private func snapshot(_ statistics: HTTPStatistics) -> ExporterSnapshot {
    ExporterSnapshot(
      stores: registry.snapshots(at: time.wall()), discovery: registry.discovery, build: buildInfo,
      reload: configuration.reloadStatus, receiver: receiver.snapshot(),
      http: statistics.snapshot(), process: .current())
  }

  private func version(_ statistics: HTTPStatistics) -> MetricsPages.Version {
    MetricsPages.Version(
      stores: registry.version, requests: statistics.requests(besides: telemetryPath.description),
      reload: configuration.reloadStatus)
  }
}
