import EvidenceStore
import Following
import ReflexiveCore

/// Each store: whether it can be read, what is in it, and how much of that can be used.
struct StoreTable: Sendable {
  let reports: [StoreReport]
  let context: PageContext

  var html: HTML {
    Tag.section(.aria(.labelledBy, "stores")) {
      Tag.h2(.id("stores")) { "Stores" }
      if reports.isEmpty {
        Tag.p { "No store is followed." }
      } else {
        DataTable(
          caption: "Databases that are followed",
          columns: [
            .text("Store"), .text("Reading"), .number("Rows"), .number("Mean QSR"),
            .text("Rejected"), .text("Architectural clarity"), .text("Procedural clarity"),
            .text("Newest evidence", isWide: true), .text("Read", isWide: true),
          ], rows: reports.map(row)
        ).html
        if reports.allSatisfy(\.isEmpty) { firstSteps }
      }
    }
  }

  private func row(_ report: StoreReport) -> DataTable.Row {
    let status = report.snapshot.status
    let name = LabelValue(report.name)
    return DataTable.Row(
      cells: [
        Tag.a(.href(context.link("/", [("store", report.name)]))) { HTML.name(report.name) },
        reading(report),
        report.snapshot.evidence.map { .count($0.events.reduce(0) { $0 + $1.rows }) } ?? "–",
        brief(report.verdict(.qsr, .store, name)),
        brief(report.verdict(.rejected, .store, name), isShare: true),
        brief(report.verdict(.clarity, .checkpoint, "architectural"), isShare: true),
        brief(report.verdict(.clarity, .checkpoint, "procedural"), isShare: true),
        HTML.time(report.newestEvidence, now: context.now),
        HTML.time(status.lastRead, now: context.now),
      ], isBreached: status.failure != nil && !status.isUp)
  }

  private func reading(_ report: StoreReport) -> HTML {
    let status = report.snapshot.status
    if let failure = status.failure, !status.isUp {
      return HTML.joined {
        HTML.state(.breached, "Unreadable")
        " (\(failure.rawValue))"
      }
    }
    if report.snapshot.evidence == nil {
      return HTML.state(.noData, "\(Decimal.counted(Int(status.backlog), "row")) to go")
    }
    return HTML.state(.good, "Up to date")
  }

  /// The value, what it is held against, and the state where it is not good.
  private func brief(_ verdict: Verdict?, isShare: Bool = false) -> HTML {
    guard let verdict else { return "–" }
    guard verdict.state != .noData else { return .state(.noData) }
    return HTML.joined {
      if verdict.state != .good {
        HTML.state(verdict.state)
        " "
      }
      verdict.valueText
      " "
      Tag.small {
        "("
        verdict.limitText
        verdict.samples.map { ", \(Decimal.counted($0, "sample"))" } ?? ""
        ")"
      }
    }
  }

  private var firstSteps: HTML {
    HTML.joined {
      Tag.p {
        "No evidence yet. An agent writes one row at the end of each run. This writes one from a shell:"
      }
      Tag.pre(.tabIndex(0)) {
        #"echo '{"event": "metacognitive_agent_execution", "agent": "A", "output_quality": 0.86}' |"#
        "\n  reflexive-exporter record --store "
        reports.first.map { visible($0.snapshot.path) } ?? "evidence.db"
      }
    }
  }
}

extension StoreReport {
  /// It was read, and there was no row.
  var isEmpty: Bool { snapshot.evidence.map { $0.events.allSatisfy { $0.rows == 0 } } ?? false }
}
