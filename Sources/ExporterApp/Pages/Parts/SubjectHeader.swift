import EvidenceStore
import Following
import ReflexiveCore

/// The top of the page of an agent, gate or subject: its store, the range, and its verdicts.
struct SubjectHeader: Sendable {
  let report: StoreReport
  let range: PageRange
  let context: PageContext
  let verdicts: [Verdict?]

  var html: HTML {
    HTML.joined {
      Tag.p {
        "In store "
        Tag.a(.href(context.link("/", [("store", report.name)]))) { HTML.name(report.name) }
        "."
      }
      if let failure = report.snapshot.status.failure, !report.snapshot.status.isUp {
        Tag.p(.class("alarm")) {
          "The store can't be read: \(failure.words). These numbers are as of "
          HTML.time(report.snapshot.status.lastRead, now: context.now)
          "."
        }
      }
      HTML.rangeChoice(range, context)
      states
    }
  }

  /// Every name but `_other` is judged.
  private var states: HTML {
    guard verdicts.contains(where: { $0 != nil }) else {
      return Tag.p {
        "_other stands for every name over limits.label_values or over 256 bytes. It mixes several "
        "names, so it is not judged."
      }
    }
    return DataTable(
      caption: "State \(range.words)",
      columns: [
        .text("What"), .text("State"), .number("Value"), .text("Limit"), .number("Samples"),
        .text("Since", isWide: true),
      ], rows: verdicts.compactMap { $0 }.map(row)
    ).html
  }

  private func row(_ verdict: Verdict) -> DataTable.Row {
    DataTable.Row(
      cells: [
        .text(verdict.title), .state(verdict.state), verdict.valueWords,
        verdict.limitText, verdict.samples.map { .count($0) } ?? "–",
        report.since(verdict),
      ], isBreached: verdict.state == .breached)
  }
}

extension Verdict {
  /// What is judged, without whose it is.
  fileprivate var title: String {
    switch indicator {
    case .qsr: "Mean QSR"
    case .consistencyStreak: "Longest streak of low consistency"
    case .drop: "Mean since a drop began"
    case .threshold: "Threshold"
    case .rmm: "Mean maturity (RMM)"
    case .rejected: "Rejected"
    case .clarity: "Clarity"
    }
  }
}
