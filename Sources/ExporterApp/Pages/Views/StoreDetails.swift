import EvidenceStore
import Following
import ReflexiveCore

/// Every store with its file, and what went wrong with it since the start.
struct StoreDetails: Sendable {
  let input: PageInput

  var html: HTML {
    Tag.section(.aria(.labelledBy, "stores")) {
      Tag.h2(.id("stores")) { "Stores" }
      if input.stores.isEmpty { Tag.p { "No store is followed." } }
      for store in input.stores { details(store.store) }
    }
  }

  private func details(_ store: StoreSnapshot) -> HTML {
    let status = store.status
    return HTML.joined {
      Tag.h3 { HTML.name(store.name) }
      HTML.facts([
        ("Path", HTML.name(store.path)), ("Reading", reading(store)),
        ("Highest id read", .count(Int(status.tailID))),
        ("Rows still to read", .count(Int(status.backlog))),
        ("Read to its end", HTML.time(status.lastRead, now: input.now)),
        ("Journal mode", .text(status.info?.journalMode ?? "–")),
        ("Time column", .text(status.info?.timeColumn.description ?? "–")),
        ("Size with WAL", .text(status.sizeBytes.map(sizeText) ?? "–")),
      ])
      if let gaps = status.gaps {
        HTML.facts([
          ("Gaps of ids that are looked at again", .count(gaps.unread)),
          ("Rows counted after one with a higher id", .count(gaps.late)),
          ("Gaps that are no longer looked at", .count(gaps.forgotten)),
        ])
      }
      counts(
        "Failed reads since the start", "Kind",
        StoreReadError.Kind.allCases.map { ($0.rawValue, status.readErrors[$0] ?? 0) })
      counts(
        "Times it was read again from its first row since the start", "Reason",
        ResetReason.allCases.map { ($0.rawValue, status.resets[$0] ?? 0) })
      if let evidence = store.evidence {
        counts(
          "Rows by event", "Event", evidence.events.map { ($0.name.text, $0.rows) })
        counts(
          "Rows with something that can't be used (rejected)", "Reason",
          Rejection.allCases.map { ($0.rawValue, evidence.rejected[$0] ?? 0) })
        counts(
          "Rows whose name is over limits.label_values, and counts as _other", "Label",
          EvidenceLabel.allCases.map { ($0.rawValue, evidence.overflowed[$0] ?? 0) })
      }
    }
  }

  private func reading(_ store: StoreSnapshot) -> HTML {
    if let failure = store.status.failure, !store.status.isUp {
      return HTML.joined {
        HTML.state(.breached, "Unreadable")
        ": \(failure.words)"
      }
    }
    return store.evidence == nil
      ? HTML.state(.noData, "Being read") : HTML.state(.good, "Up to date")
  }

  /// Those that are not 0; a sentence where all are.
  private func counts(_ caption: String, _ column: String, _ counts: [(String, Int)]) -> HTML {
    let found = counts.filter { $0.1 > 0 }
    guard !found.isEmpty else { return Tag.p { "\(caption): none." } }
    return DataTable(
      caption: caption, columns: [.text(column), .number("Count")],
      rows: found.map { DataTable.Row(cells: [.name($0.0), .count($0.1)]) }
    ).html
  }
}
