import ConfigurationFiles
import ReflexiveCore

/// Prepares another's name for a line of a report, so that nothing in it ends the line, hides what
/// follows, or is a command to a reader of the line.
///
/// GitHub's runner looks for commands of the form `##[name]` anywhere in a line.
/// Source: actions/runner, `ActionCommand.TryParse`.
func lineText(_ name: String) -> String {
  let pieces = escapedForOneLine(name).unicodeScalars.split(
    separator: "#", omittingEmptySubsequences: false)
  var text = ""
  for (index, piece) in pieces.enumerated() {
    if index > 0 { text += piece.first == "[" ? "\\u{23}" : "#" }
    text.unicodeScalars += piece
  }
  return text
}

extension Verdict.Value {
  /// The value with at most 9 decimals.
  var reportText: String {
    switch self {
    case .text(let text): return text
    case .number(let number):
      let rounded = number.roundedToNineDecimals
      return rounded == rounded.rounded() && abs(rounded) < 1e15
        ? "\(Int64(rounded))" : "\(rounded)"
    }
  }
}

extension Verdict {
  /// `agent triage`.
  var subjectText: String { "\(subjectKind.rawValue) \(lineText(subject.text))" }

  var valueText: String { value?.reportText ?? "–" }

  /// The condition that holds while the verdict is good: `>= 0.6`.
  var goodText: String { "\(comparison.rawValue) \(limit.reportText)" }

  var samplesText: String { samples.map { "\($0)" } ?? "–" }

  /// `11–30`, or `11` for a single row.
  var idsText: String {
    ids.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)–\($0.last)" } ?? "–"
  }

  /// The verdict in a sentence.
  var sentence: String {
    let what = "\(indicator.rawValue) of \(subjectText)"
    let limit = "good is \(goodText)"
    let range = range == Window.allLabel ? "" : ", since \(lineText(range))"
    switch state {
    case .noData: return "\(what): no data\(range); \(limit)"
    case .tooFew:
      return "\(what): too few to judge, \(valueText)\(samplesWords)\(range); \(limit)"
    case .breached, .good:
      guard value != nil else { return "\(what): none; \(limit)" }
      let evidence = ids == nil ? "" : "; evidence \(idsText)"
      return "\(what): \(valueText)\(samplesWords)\(range); \(limit)\(evidence)"
    }
  }

  private var samplesWords: String {
    samples.map { " from \($0) \($0 == 1 ? "sample" : "samples")" } ?? ""
  }
}

extension CheckedVerdict {
  /// The state in words.
  var stateText: String {
    switch verdict.state {
    case .breached: "breached"
    case .tooFew: "too few"
    case .noData: counts ? "no data" : "silent"
    case .good: "good"
    }
  }
}

extension CheckReport {
  /// `breached: 2 breached, 1 silent, 5 good`.
  var summary: String {
    let words = ["breached", "too few", "no data", "silent", "good"]
    var counts = words.compactMap { word in
      let count = verdicts.count { $0.stateText == word }
      return count > 0 ? "\(count) \(word)" : nil
    }
    if !errors.isEmpty { counts.insert("\(errors.count) not told", at: 0) }
    return "\(outcome.word): \(counts.isEmpty ? "nothing" : counts.joined(separator: ", "))"
  }
}

extension CheckError {
  /// `store team: locked: …`.
  var sentence: String {
    (store.isEmpty ? "" : "store \(lineText(store)): ") + "\(kind): \(lineText(reason))"
  }
}

extension CheckReport {
  /// One line for each error.
  package var errorLines: [String] { errors.map(\.sentence) }
}
