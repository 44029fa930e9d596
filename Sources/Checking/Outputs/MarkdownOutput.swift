import ReflexiveCore

extension CheckReport {
  /// GitHub silently drops a summary of 1 MiB or more.
  private static let markdownLimit = 900 << 10

  /// A summary with the verdicts in a table.
  var markdownText: String {
    var text = "### reflexive-exporter check: \(outcome.word)\n\n\(summary)\n\n"
    let lines = errors.map { "- \(codeSpan($0.sentence))\n" } + (errors.isEmpty ? [] : ["\n"])
    let head = """
      | State | Store | Indicator | Subject | Value | Good | Samples | Evidence |
      | --- | --- | --- | --- | ---: | --- | ---: | --- |

      """
    let rows = verdicts.map(row)
    var left = lines.count + rows.count
    for line in lines + (rows.isEmpty ? [] : [head]) + rows {
      guard text.utf8.count + line.utf8.count < Self.markdownLimit - 100 else {
        return text + "\n\(left) lines are left out.\n"
      }
      text += line
      if line != head { left -= 1 }
    }
    return text
  }

  private func row(_ checked: CheckedVerdict) -> String {
    let verdict = checked.verdict
    let state = outcome(checked) == .good ? checked.stateText : "**\(checked.stateText)**"
    let cells = [
      state, codeSpan(lineText(verdict.store)), verdict.indicator.rawValue,
      "\(verdict.subjectKind.rawValue) \(codeSpan(lineText(verdict.subject.text)))",
      verdict.valueText, codeSpan(verdict.goodText), verdict.samplesText, verdict.idsText,
    ]
    return "| " + cells.joined(separator: " | ") + " |\n"
  }
}

/// Formats a text so that nothing in it is markup, in or outside of a table.
private func codeSpan(_ text: String) -> String {
  var longest = 0
  var run = 0
  var escaped = ""
  for scalar in text.unicodeScalars {
    run = scalar == "`" ? run + 1 : 0
    longest = max(longest, run)
    escaped += scalar == "|" ? "\\|" : String(scalar)
  }
  let fence = String(repeating: "`", count: longest + 1)
  // A blank keeps a fence apart from a backtick, and keeps a name of blanks from vanishing.
  let space = longest > 0 || text.first == " " || text.last == " " ? " " : ""
  return fence + space + escaped + space + fence
}
