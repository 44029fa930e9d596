import EvidenceStore
import Following
import ReflexiveCore

/// Rows for pages, and what can be read from a page.
enum PageEvidence {
  /// An agent whose five scores have a mean of 0.5, and a gate whose last three of four evaluations
  /// were not consistent enough.
  static func rows(age: Double = 0) -> [String] {
    let time = TimeSource.system.wall().advanced(by: -age).calendarText
    let executions = [0.4, 0.6, 0.5, 0.45, 0.55].map { score in
      """
      {"event": "metacognitive_agent_execution", "agent": "Planner", "output_quality": \(score), \
      "rmm_score": 0.8, "timestamp": "\(time)"}
      """
    }
    let evaluations = [0.95, 0.85, 0.8, 0.82].map { consistency in
      """
      {"event": "quality_gate_evaluation", "gate": "Safety", "output_quality": 0.7, \
      "self_assessment": {"consistency": \(consistency), "confidence": 0.8, \
      "calibration_needed": false}, "current_threshold": 0.7, "timestamp": "\(time)"}
      """
    }
    return executions + evaluations
  }

  static func write(_ rows: [String] = rows(), to path: String) throws {
    try EvidenceWriter.createStore(at: path)
    _ = try EvidenceWriter(path: path).append(
      rows.map { row in
        let isExecution = row.contains("\"agent\"")
        return NewEvidenceRow(
          event: (isExecution ? LabelValue.execution : .evaluation).text, payload: row, ts: "")
      })
  }
}

extension String {
  /// The texts of the rows of the table with this caption.
  func rows(_ caption: String) -> [String] {
    guard let start = firstRange(of: ">\(caption)</caption>")?.upperBound,
      let end = self[start...].firstRange(of: "</table>")?.lowerBound
    else { return [] }
    return self[start..<end].split(separator: "<tr").dropFirst(2).map { row in
      let texts = row.drop { $0 != ">" }.dropFirst().split(separator: "<").map { part in
        part.contains(">")
          ? part.split(separator: ">", maxSplits: 1).dropFirst().joined() : String(part)
      }
      return texts.joined(separator: " ").split(separator: " ").joined(separator: " ")
    }
  }

  /// The addresses of all links to pages and routes of the exporter.
  var links: [String] {
    matches(of: /<a[^>]* href="(\/[^"]*)"/).map { match in
      String(match.1).split(separator: "&amp;", omittingEmptySubsequences: false)
        .joined(separator: "&")
    }
  }
}
