import HTTPTypes
import Hummingbird

/// The page at `/`, which says what the exporter is and links its endpoints.
struct LandingPage: Sendable {
  let version: String
  let telemetryPath: String

  var routes: [Route] { [.get("/") { _, _ in respond() }] }

  private func respond() -> Response {
    Response(
      status: .ok,
      headers: [
        .contentType: "text/html; charset=utf-8",
        .contentSecurityPolicy: """
        default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """,
      ],
      body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }

  private var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>Reflexive exporter</title>
    <style>
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
    code { background: #eee; padding: 0 .25em }
    </style>
    </head>
    <body>
    <h1>Reflexive exporter</h1>
    <p>Quality of AI agents as Prometheus metrics, from their reflexive evidence.
    Version \(Self.escape(version)).</p>
    <ul>
    <li><a href="\(Self.escape(telemetryPath))">Metrics</a></li>
    <li><a href="/-/healthy">Health</a>: the process works</li>
    <li><a href="/-/ready">Readiness</a>: every store that can be read has been read to its end</li>
    </ul>
    <p><code>POST /-/reload</code> reloads the configuration.</p>
    </body>
    </html>

    """
  }

  /// By unicode scalars: a quote followed by a combining mark is one Character and not a quote.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
