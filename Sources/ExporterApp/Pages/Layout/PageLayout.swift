import HTTPTypes
import ReflexiveCore

/// What stands around the content of every page.
struct PageLayout: Sendable {
  let context: PageContext

  func document(_ page: Page) -> HTML {
    Tag.html(.lang("en")) {
      head(page)
      body(page)
    }.asDocument
  }

  private func head(_ page: Page) -> HTML {
    Tag.head {
      Tag.meta(.charset("utf-8"))
      Tag.meta(.name("viewport"), .content("width=device-width, initial-scale=1"))
      Tag.title { "\(page.title) – Reflexive exporter" }
      // No picture: a browser asks for one that is not named.
      Tag.link(.rel("icon"), .emptyPicture)
      HTML.element("style", asset: .styleSheet)
    }
  }

  private func body(_ page: Page) -> HTML {
    Tag.body {
      Tag.a(.class("skip"), .href(id: "content")) { "Skip to content" }
      header(page)
      Tag.main(.id("content")) {
        if let live = page.live { news(live) }
        Tag.h1 { page.heading }
        page.content
      }
      footer(page)
      HTML.element("script", asset: .script)
    }
  }

  private func header(_ page: Page) -> HTML {
    Tag.header {
      Tag.strong { "Reflexive exporter" }
      Tag.nav(.aria(.label, "Pages")) {
        Tag.ul {
          for section in Page.Section.allCases {
            if let (name, path) = section.entry {
              Tag.li {
                Tag.a(
                  .href(context.link(path)),
                  section == page.section ? .aria(.current, "page") : nil
                ) { name }
              }
            }
          }
          Tag.li { Tag.a(.href(context.link(context.telemetryPath))) { "Metrics" } }
        }
      }
    }
  }

  /// Hidden until the script has something to say.
  private func news(_ live: Page.Live) -> HTML {
    Tag.div(
      .id("news"), .data(.events, live.events.text), .data(.query, live.rows.text)
    ) {
      Tag.p(.class("news"), .hidden) { Tag.a(.href(live.reload)) { "" } }
      // What is read aloud, and less often than the bar changes.
      Tag.div(.class("said"), .aria(.live, "polite")) { "" }
    }
  }

  /// A request that is refused would be refused again.
  private func footer(_ page: Page) -> HTML {
    Tag.footer {
      Tag.p {
        "All numbers are as of "
        Tag.time(.dateTime(context.now.calendarText)) { TimeText.whole(context.now) }
        ", and are the same as in the metrics. Version \(context.build.version)."
      }
      if page.status.kind != .clientError {
        Tag.p {
          "Reload this page "
          refreshChoice(nil, "by hand")
          ", "
          refreshChoice(30, "every 30 s")
          " or "
          refreshChoice(300, "every 5 min")
          "."
        }
      }
    }
  }

  private func refreshChoice(_ seconds: Int?, _ words: String) -> HTML {
    guard context.refresh != seconds else { return Tag.strong { words } }
    return Tag.a(.href(context.here(with: "refresh", seconds.map { String($0) }))) { words }
  }
}

extension Page.Section {
  /// The name and the path in the navigation; `nil` where there is no such page.
  fileprivate var entry: (name: String, path: String)? {
    switch self {
    case .overview: ("Overview", "/")
    case .evidence: ("Evidence", "/evidence")
    case .status: ("Status", "/status")
    }
  }
}
