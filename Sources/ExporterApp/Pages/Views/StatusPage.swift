import ConfigurationFiles
import EvidenceStore
import Following
import ReflexiveCore

/// `/status`: what runs here, under which configuration, and how every number is made.
struct StatusPage: Sendable {
  let input: PageInput
  let options: ServeOptions
  /// The newest first.
  let refusals: [Refusal]

  init(_ input: PageInput, _ options: ServeOptions, _ refusals: [Refusal]) {
    self.input = input
    self.options = options
    self.refusals = refusals
  }

  var page: Page {
    Page(
      heading: "Status", title: "Status", section: .status,
      content: HTML.joined {
        Tag.nav(.aria(.label, "On this page")) {
          Tag.ul(.class("choices")) {
            for (id, title) in sections {
              Tag.li { Tag.a(.href(id: id)) { title } }
            }
          }
        }
        versions
        ConfigurationTables(input: input, options: options).html
        ObjectiveTables(input: input).html
        StoreDetails(input: input).html
        if hasReceiver { RefusalTable(refusals: refusals, now: input.now).html }
        Explanations(configuration: input.configuration).html
      })
  }

  private var sections: [(id: String, title: String)] {
    [
      ("versions", "Versions"), ("configuration", "Configuration"), ("objectives", "Objectives"),
      ("stores", "Stores"),
    ] + (hasReceiver ? [("refusals", "Refused pushes")] : []) + [
      ("numbers", "How every number is made")
    ]
  }

  private var hasReceiver: Bool {
    !input.configuration.receivingStores.isEmpty || !refusals.isEmpty
  }

  private var versions: HTML {
    let build = input.context.build
    return Tag.section(.aria(.labelledBy, "versions")) {
      Tag.h2(.id("versions")) { "Versions" }
      HTML.facts([
        ("Exporter", .text(build.version)),
        ("Revision", .text(build.revision.isEmpty ? "not known" : build.revision)),
        ("Swift", .text(build.swiftVersion)), ("SQLite", .text(build.sqliteVersion)),
      ])
    }
  }
}
