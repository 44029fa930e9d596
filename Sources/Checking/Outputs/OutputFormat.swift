/// The form of a report.
package enum OutputFormat: String, CaseIterable, Hashable, Sendable {
  case table, json, junit, github, markdown

  package func text(of report: CheckReport) -> String {
    switch self {
    case .table: report.tableText
    case .json: report.jsonText
    case .junit: report.junitText
    case .github: report.githubText
    case .markdown: report.markdownText
    }
  }
}

/// The destination and the form of a report.
package struct OutputTarget: Hashable, Sendable {
  package let format: OutputFormat
  /// `nil` for standard output.
  package let path: String?

  package static let table = OutputTarget(format: .table, path: nil)

  package static let expectation =
    "\(OutputFormat.allCases.map(\.rawValue).joined(separator: ", ")), with =FILE for a file"

  private init(format: OutputFormat, path: String?) {
    self.format = format
    self.path = path
  }

  /// Parses `FORMAT`, `FORMAT=FILE` and, for standard output, `FORMAT=-`.
  package init?(_ text: String) {
    let name = text.prefix { $0 != "=" }
    guard let format = OutputFormat(rawValue: String(name)) else { return nil }
    self.format = format
    guard name.endIndex < text.endIndex else {
      path = nil
      return
    }
    let file = String(text[text.index(after: name.endIndex)...])
    guard !file.isEmpty, !file.utf8.contains(0) else { return nil }
    path = file == "-" ? nil : file
  }
}
