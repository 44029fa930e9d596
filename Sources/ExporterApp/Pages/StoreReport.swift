import Following
import ReflexiveCore

/// One store at one moment, with the verdicts over one range.
struct StoreReport: Sendable {
  let snapshot: StoreSnapshot
  let indicators: StoreIndicators?
  let range: String
  let now: UnixTime
  /// In the order in which they are shown; none until the store has been read.
  let verdicts: [Verdict]

  init(_ detailed: DetailedSnapshot, range: String, now: UnixTime) {
    snapshot = detailed.store
    indicators = detailed.indicators
    self.range = range
    self.now = now
    verdicts =
      detailed.store.evidence.map { evidence in
        Verdicts.make(
          evidence, store: detailed.store.name, objectives: detailed.store.objectives, range: range)
      } ?? []
  }

  var name: String { snapshot.name }

  func verdict(
    _ indicator: Verdict.Indicator, _ kind: Verdict.SubjectKind, _ subject: LabelValue
  ) -> Verdict? {
    verdicts.first {
      $0.indicator == indicator && $0.subjectKind == kind && $0.subject == subject
    }
  }

  func onset(of verdict: Verdict) -> Onset? { indicators?.onset(of: verdict, at: now) }
}

/// The range that verdicts and charts of a page are over.
struct PageRange: Sendable {
  let label: String
  let windows: [Window]

  private static let standard: LabelValue = "1h"

  /// - Returns: `nil` for a range that is not configured. Without one it is `1h`, or the first window
  ///   where that is not configured.
  init?(_ label: String?, windows: [Window]) {
    let labels = windows.map(\.label) + [Window.allLabel]
    let standard =
      labels.first { LabelValue($0) == Self.standard } ?? labels.first ?? Window.allLabel
    guard let chosen = label ?? standard as String?, labels.contains(chosen) else { return nil }
    self.label = chosen
    self.windows = windows
  }

  var labels: [String] { windows.map(\.label) + [Window.allLabel] }

  /// The window that charts are over: the range, or the longest window where it has no bounds; `nil`
  /// where no window is configured.
  var charted: Window? {
    windows.first { $0.label == label } ?? windows.max { $0.length < $1.length }
  }

  /// `over 1h`, `over all rows`.
  var words: String { label == Window.allLabel ? "over all rows" : "over \(label)" }
}
