import ReflexiveCore

/// The pushes that were refused lately.
struct RefusalTable: Sendable {
  let refusals: [Refusal]
  let now: UnixTime

  var html: HTML {
    Tag.section(.aria(.labelledBy, "refusals")) {
      Tag.h2(.id("refusals")) { "Refused pushes" }
      if refusals.isEmpty {
        Tag.p { "No push was refused since the start." }
      } else {
        DataTable(
          caption: "The latest \(RefusalLog.limit) at most, newest first",
          columns: [
            .text("Time"), .text("Store"), .text("Protocol"), .number("Status"), .number("Line"),
            .text("Reason", isWide: true),
          ], rows: refusals.map(row)
        ).html
      }
    }
  }

  private func row(_ refusal: Refusal) -> DataTable.Row {
    DataTable.Row(
      cells: [
        HTML.time(refusal.time, now: now), refusal.store.map { HTML.name($0) } ?? "–",
        .text(refusal.kind.rawValue), .text(String(refusal.status)),
        refusal.line.map { .count($0) } ?? "–", HTML.name(refusal.reason),
      ])
  }
}
