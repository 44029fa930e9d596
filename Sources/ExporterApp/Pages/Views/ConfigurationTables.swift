import ConfigurationFiles
import Following
import ReflexiveCore

/// What the exporter was told, flags and file, without anything that is secret.
struct ConfigurationTables: Sendable {
  let input: PageInput
  let options: ServeOptions

  var html: HTML {
    Tag.section(.aria(.labelledBy, "configuration")) {
      Tag.h2(.id("configuration")) { "Configuration in force" }
      Tag.p {
        input.reload.wasSuccessful
          ? "Loaded " : "The last reload failed, and the log says why. This one was loaded "
        HTML.time(input.reload.lastSuccess, now: input.now)
        "."
      }
      table("Flags", flags)
      table("Configuration file", keys)
    }
  }

  private func table(_ caption: String, _ rows: [(String, String)]) -> HTML {
    DataTable(
      caption: caption, columns: [.text("Name"), .text("Value", isWide: true)],
      rows: rows.map { name, value in
        DataTable.Row(cells: [Tag.code { name }, HTML.name(value)])
      }
    ).html
  }

  private var flags: [(String, String)] {
    [
      (
        "--web.listen-address",
        options.listenAddresses.map(\.description).joined(separator: ", ")
      ),
      ("--web.telemetry-path", options.telemetryPath),
      ("--web.external-url", options.externalURL ?? "not given"),
      ("--web.route-prefix", options.address.routePrefix + "/"),
      (
        "--web.config.file",
        options.webConfigurationFile
          ?? "none: plain HTTP, and anyone who reaches the address may read"
      ),
      ("--state.path", options.statePath ?? "none: nothing is kept across restarts"),
    ]
  }

  private var keys: [(String, String)] {
    let configuration = input.configuration
    return [
      ("windows", range(configuration.windows.map(\.label))),
      ("limits.label_values", Decimal(configuration.limits.labelValues).text),
      ("limits.payload_bytes", sizeText(Int64(configuration.limits.payloadBytes))),
      ("retire_after", configuration.retireAfter.map(TimeText.duration) ?? "never"),
      ("receiver.max_bytes", sizeText(Int64(configuration.receiver.maxBytes))),
      ("receiver.queue_bytes", sizeText(Int64(configuration.receiver.queueBytes))),
    ]
      + configuration.receiver.scoreRules.map { rule in
        let scale = rule.scale == 1 ? "" : ", divided by \(rule.scale)"
        return ("receiver.otlp.scores[]", "\(rule.name) as \(rule.field.rawValue)\(scale)")
      }
      + configuration.stores.map { store in
        let name = store.name.map { ", as \($0)" } ?? ""
        let scale = store.scoreScale == 1 ? "" : ", scores divided by \(store.scoreScale)"
        let receives = store.receives ? ", receives evidence" : ""
        return ("stores[].path", store.written + name + scale + receives)
      }
  }

  private func range(_ labels: [String]) -> String {
    labels.isEmpty ? "none, all rows alone" : labels.joined(separator: ", ")
  }
}
