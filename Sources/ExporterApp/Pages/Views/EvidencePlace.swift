import ConfigurationFiles
import Following
import ReflexiveCore

/// Where a row belongs: the windows that it lies in, and the streak that it is part of.
struct EvidencePlace: Sendable {
  let row: ListedEvidence
  /// Evaluations of the same gate around the row, and the row, in the order of their ids.
  let around: [ListedEvidence]
  let report: StoreReport
  let input: PageInput

  var html: HTML {
    HTML.joined {
      Tag.h2 { "Where it counts" }
      Tag.p { windows }
      if let limit = report.consistencyLimit(of: row), row.consistency != nil {
        Tag.p { streak(limit) }
      }
    }
  }

  private var windows: String {
    guard let time = row.time else {
      return "Its time can't be read, so it counts over all rows, and in no window."
    }
    let age = input.now.since(time)
    let labels = input.configuration.windows.filter { age >= 0 && age < $0.length }.map(\.label)
    let others = input.configuration.windows.filter { age >= $0.length }.map(\.label)
    if age < 0 { return "Its time is ahead of the clock, so it counts over all rows alone." }
    return "It counts over \(Self.list(labels + ["all rows"]))"
      + (others.isEmpty ? "." : ", and no longer over \(Self.list(others)).")
  }

  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  /// Evaluations without a usable consistency neither extend a streak nor end it.
  private func streak(_ limit: Double) -> HTML {
    guard let place = around.firstIndex(where: { $0.id == row.id }),
      row.consistency?.isBelow(limit) == true
    else {
      return .text(
        "Its consistency is not below \(Decimal(limit, places: 9).text): it is in no streak.")
    }
    let before = lows(around[..<place].reversed(), limit)
    let after = lows(around[(place + 1)...], limit)
    let ids = before.ids.reversed() + [row.id] + after.ids
    return HTML.joined {
      "It is number \(before.isOpen ? "at least " : "")\(before.ids.count + 1) of "
      "\(before.isOpen || after.isOpen ? "at least " : "")\(Decimal.counted(ids.count, "evaluation")) in a row "
      "with a consistency below "
      "\(Decimal(limit, places: 9).text), "
      Tag.a(.href(link(ids))) {
        ids.count == 1
          ? "evidence \(row.id)" : "from \(ids.first ?? row.id) to \(ids.last ?? row.id)"
      }
      "."
    }
  }

  /// Ids of evaluations in a row that are low, and whether more may follow.
  private func lows(
    _ rows: some Sequence<ListedEvidence>, _ limit: Double
  ) -> (ids: [Int64], isOpen: Bool) {
    var ids: [Int64] = []
    for row in rows {
      guard let consistency = row.consistency else { continue }
      guard consistency.isBelow(limit) else { return (ids, false) }
      ids.append(row.id)
    }
    return (ids, ids.count >= 100)
  }

  private func link(_ ids: [Int64]) -> Link {
    let (first, last) = (ids.first ?? row.id, ids.last ?? row.id)
    return input.context.link(
      "/evidence",
      [
        ("store", report.name), ("gate", row.gate?.text ?? ""), ("after", String(first - 1)),
        ("before", String(last + 1)), ("limit", "1000"),
      ])
  }
}
