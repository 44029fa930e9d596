import ReflexiveCore

extension CheckReport {
  /// One test case per verdict and one test suite per store, in the form of Jenkins's junit-10.xsd.
  var junitText: String {
    var suites: [(store: LabelValue, cases: [JUnitCase])] = []
    func add(_ new: JUnitCase) {
      let store = LabelValue(new.store)
      if let index = suites.firstIndex(where: { $0.store == store }) {
        suites[index].cases.append(new)
      } else {
        suites.append((store, [new]))
      }
    }
    for error in errors { add(JUnitCase(error, outcome: outcome(error))) }
    for verdict in verdicts { add(JUnitCase(verdict, outcome: outcome(verdict))) }
    let cases = suites.flatMap(\.cases)
    var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
    // Jenkins refuses a file in which this element has the attribute `skipped`.
    text += "<testsuites name=\"reflexive-exporter check\"\(JUnitCase.counts(cases))>\n"
    for suite in suites.sorted(by: { $0.store < $1.store }) {
      let skipped = suite.cases.count { $0.result == .skipped }
      text += "  <testsuite name=\"\(xmlText(lineText(suite.store.text)))\""
      text += "\(JUnitCase.counts(suite.cases)) skipped=\"\(skipped)\">\n"
      text += suite.cases.map(\.text).joined()
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }
}

private struct JUnitCase {
  enum Result: String {
    case passed, failure, error, skipped
  }

  var store: String
  var name: String
  var result: Result
  var type: String
  var message: String

  init(_ checked: CheckedVerdict, outcome: CheckReport.Outcome) {
    let verdict = checked.verdict
    store = verdict.store
    name = "\(verdict.indicator.rawValue) \(verdict.subjectText)"
    type = verdict.state.rawValue
    message = verdict.sentence
    result =
      switch (verdict.state, outcome) {
      case (_, .breached): .failure
      case (_, .unknown): .error
      case (.good, _): .passed
      default: .skipped
      }
  }

  init(_ error: CheckError, outcome: CheckReport.Outcome) {
    store = error.store
    name = "read"
    type = error.kind
    message = error.sentence
    result =
      switch outcome {
      case .unknown: .error
      case .breached: .failure
      case .good: .skipped
      }
  }

  var text: String {
    let start =
      "    <testcase classname=\"\(xmlText(lineText(store)))\" name=\"\(xmlText(name))\">\n"
    let detail =
      result == .passed
      ? "      <system-out>\(xmlText(message))</system-out>\n"
      : "      <\(result.rawValue) type=\"\(type)\" message=\"\(xmlText(message))\"/>\n"
    return start + detail + "    </testcase>\n"
  }

  static func counts(_ cases: [JUnitCase]) -> String {
    let failures = cases.count { $0.result == .failure }
    let errors = cases.count { $0.result == .error }
    return " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
  }
}

/// Escapes a text for an attribute or an element. The lines of a report have no character that XML
/// cannot hold, because those are already escaped.
private func xmlText(_ text: String) -> String {
  var escaped = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}
