import Foundation

/// Writes evidence as an agent does: with Python's sqlite3, in a process of its own.
struct EvidenceTable {
  let path: String

  /// Creates the database; `journal` is `delete` or `wal`.
  init(_ path: String, journal: String = "delete") throws {
    self.path = path
    try execute(
      """
      PRAGMA journal_mode=\(journal);
      CREATE TABLE evidence (id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL,
        payload TEXT NOT NULL, ts TEXT NOT NULL);
      """)
  }

  func execute(_ sql: String) throws {
    let script = """
      import sqlite3, sys
      connection = sqlite3.connect(sys.argv[1])
      connection.executescript(sys.stdin.read())
      connection.commit()
      """
    let tool = try Tool.run("python3", ["-c", script, path], input: sql)
    guard tool.status == 0 else { throw Failure(tool.errors) }
  }

  /// Executions with these scores, in one transaction.
  func recordExecutions(_ agent: String, _ scores: [Double]) throws {
    try record(
      scores.map { score in
        ("metacognitive_agent_execution", #"{"agent": "\#(agent)", "output_quality": \#(score)}"#)
      })
  }

  /// Evaluations with these consistencies, in one transaction.
  func recordEvaluations(_ gate: String, consistencies: [Double]) throws {
    try record(
      consistencies.map { consistency in
        (
          "quality_gate_evaluation",
          #"{"gate": "\#(gate)", "self_assessment": {"consistency": \#(consistency)}}"#
        )
      })
  }

  func record(_ rows: [(event: String, payload: String)]) throws {
    let values = rows.map { event, payload in
      "(\(quoted(event)), \(quoted(payload)), strftime('%Y-%m-%dT%H:%M:%f', 'now'))"
    }
    try execute(
      "INSERT INTO evidence (event, payload, ts) VALUES \(values.joined(separator: ","));")
  }

  private func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
