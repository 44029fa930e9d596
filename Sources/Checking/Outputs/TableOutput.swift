import ReflexiveCore

extension CheckReport {
  /// A table for people, with the worst first.
  var tableText: String {
    var rows = [["STATE", "STORE", "INDICATOR", "SUBJECT", "VALUE", "GOOD", "SAMPLES", "EVIDENCE"]]
    rows += verdicts.map { checked in
      let verdict = checked.verdict
      return [
        checked.stateText, lineText(verdict.store), verdict.indicator.rawValue, verdict.subjectText,
        verdict.valueText, verdict.goodText, verdict.samplesText, verdict.idsText,
      ]
    }
    let widths = rows[0].indices.map { column in
      rows.map { $0[column].unicodeScalars.count }.max() ?? 0
    }
    var text = ""
    for error in errors { text += error.sentence + "\n" }
    if rows.count > 1 { text += rows.map { Self.line($0, widths) }.joined() }
    return text + summary + "\n"
  }

  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    var column = 0
    for (cell, width) in zip(cells, widths) {
      // No blanks at the end of the line.
      line += String(repeating: " ", count: column) + cell
      column = width - cell.unicodeScalars.count + 2
    }
    return line + "\n"
  }
}
