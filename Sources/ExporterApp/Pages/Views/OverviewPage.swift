import EvidenceStore
import Following
import ReflexiveCore

/// `/`: what is breached now and since when, then where.
struct OverviewPage: Sendable {
  let input: PageInput
  let range: PageRange
  let reports: [StoreReport]

  init(_ input: PageInput) throws(PageRefusal) {
    self.input = input
    let range = try input.range()
    self.range = range
    let chosen = input.parameters["store"] == nil ? input.stores : [try input.store()]
    reports = chosen.map { StoreReport($0, range: range.label, now: input.now) }
  }

  var page: Page {
    let breached = reports.flatMap { report in
      report.verdicts.filter { $0.state == .breached }.map { (report, $0) }
    }
    let current = breached.filter { !$0.0.isOver($0.1) } + breached.filter { $0.0.isOver($0.1) }
    let troubles = Trouble.all(reports, reload: input.reload, now: input.now)
    let over = breached.count { $0.0.isOver($0.1) }
    let title = title(breached: breached.count, over: over, troubles: troubles.count)
    return Page(
      heading: .text(title), title: title, section: .overview,
      content: HTML.joined {
        if breached.count > Self.fewBreaches { contents }
        troubleList(troubles)
        breaches(current)
        HTML.rangeChoice(range, input.context)
        StoreTable(reports: reports, context: input.context).html
        IndicatorTables(
          reports: reports, range: range, context: input.context, all: input.parameters["all"]
        ).html
      }, live: reports.count == 1 ? reports.first.flatMap { input.live($0, over: range) } : nil)
  }

  /// - Parameter over: of those breached, streaks that have ended.
  private func title(breached: Int, over: Int, troubles: Int) -> String {
    if breached > 0 {
      return "\(breached) breached"
        + (over == 0 ? "" : over == breached ? ", all ended" : ", \(over) of them ended")
        + (troubles > 0 ? ", \(Decimal.counted(troubles, "problem"))" : "")
    }
    if troubles > 0 { return Decimal.counted(troubles, "problem") }
    if reports.allSatisfy({ $0.snapshot.evidence == nil }) { return "Nothing has been read yet" }
    let judged = reports.flatMap(\.verdicts).contains { $0.state == .good }
    return judged ? "Nothing is breached" : "Nothing can be judged yet"
  }

  /// With more breaches than this, what comes after them is screens away.
  private static let fewBreaches = 10

  private var contents: HTML {
    Tag.nav(.aria(.label, "On this page")) {
      Tag.ul(.class("choices")) {
        Tag.li { "Go to" }
        Tag.li { Tag.a(.href(id: "stores")) { "Stores" } }
        for section in IndicatorTables.sections {
          Tag.li { Tag.a(.href(id: section.id)) { section.title } }
        }
      }
    }
  }

  private func troubleList(_ troubles: [Trouble]) -> HTML {
    guard !troubles.isEmpty else { return .empty }
    return Tag.ul(.class("alarm")) {
      for trouble in troubles { Tag.li { trouble.sentence } }
    }
  }

  private func breaches(_ breached: [(StoreReport, Verdict)]) -> HTML {
    guard !breached.isEmpty else { return .empty }
    let showsStore = reports.count > 1
    var columns: [DataTable.Column] = [
      .text("What"), .text("Since", isWide: true), .number("Value"), .text("Limit"),
      .number("Samples"), .text("Evidence"),
    ]
    if showsStore { columns.append(.text("Store")) }
    return DataTable(
      caption: "Breached \(range.words), ongoing first", columns: columns,
      rows: breached.map { report, verdict in
        var cells: [HTML] = [
          HTML.joined {
            HTML.state(.breached, "")
            verdict.words
            verdict.linkedName(input.context)
          },
          report.since(verdict), verdict.valueWords, verdict.limitText,
          verdict.samples.map { .count($0) } ?? "–",
          Tag.a(.href(verdict.evidence(input.context, range))) { "rows" },
        ]
        if showsStore { cells.append(.name(report.name)) }
        return DataTable.Row(cells: cells, isBreached: true)
      }
    ).html
  }
}

/// Something beside the evidence that makes the numbers old or incomplete.
struct Trouble: Sendable {
  let sentence: HTML

  static func all(_ reports: [StoreReport], reload: ReloadStatus, now: UnixTime) -> [Trouble] {
    var troubles = reports.flatMap { of($0, now: now) }
    if !reload.wasSuccessful {
      troubles.append(
        Trouble(
          sentence: HTML.joined {
            "The last reload of the configuration failed; the log says why. The one in force was loaded "
            HTML.time(reload.lastSuccess, now: now)
            "."
          }))
    }
    return troubles
  }

  private static func of(_ report: StoreReport, now: UnixTime) -> [Trouble] {
    let status = report.snapshot.status
    var troubles: [Trouble] = []
    func note(@HTMLBuilder _ sentence: () -> HTML) {
      let rest = sentence()
      troubles.append(
        Trouble(
          sentence: HTML.joined {
            "Store "
            HTML.name(report.name)
            rest
          }))
    }
    if let failure = status.failure, !status.isUp {
      note {
        " at "
        HTML.name(report.snapshot.path)
        " can't be read: \(failure.words). "
        if let last = status.lastRead {
          "Its numbers are as of "
          HTML.time(last, now: now)
          "."
        } else {
          "It has not been read since the start."
        }
      }
    } else if report.snapshot.evidence == nil {
      note { " is being read: \(Decimal.counted(Int(status.backlog), "row")) to go." }
    }
    if let newest = report.newestEvidence {
      let silence = report.snapshot.objectives.evidenceSilence
      if now.since(newest) > silence {
        note {
          " is silent: its newest evidence is of "
          HTML.time(newest, now: now)
          ". New evidence is expected within \(TimeText.duration(silence))."
        }
      }
    }
    return troubles
  }
}

extension StoreReport {
  /// The greatest evidence time of all events.
  var newestEvidence: UnixTime? { snapshot.evidence?.events.compactMap(\.lastTime).max() }
}
