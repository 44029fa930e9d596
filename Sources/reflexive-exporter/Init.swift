import ArgumentParser
import ConfigurationFiles
import EvidencePostgres
import EvidenceStore

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Creates an evidence database with the table that agents write to.")

  @Argument(
    help: ArgumentHelp(
      "The database file. One that already has the table stays unchanged.",
      valueName: "path"))
  var path: String?

  @Flag(
    name: .customLong("postgresql"),
    help: "Print the SQL for a PostgreSQL database instead: the table, and a role that may read it."
  )
  var isPostgreSQL = false

  @Option(
    name: .customLong("table"),
    help: ArgumentHelp(
      "With --postgresql: the table. (default: public.evidence)", valueName: "name"))
  var table: String?

  @Option(
    name: .customLong("role"),
    help: ArgumentHelp("With --postgresql: the role. (default: reflexive)", valueName: "name"))
  var role: String?

  @Option(
    name: .customLong("database"),
    help: ArgumentHelp("With --postgresql: the database. (default: agents)", valueName: "name"))
  var database: String?

  func run() throws {
    if isPostgreSQL { return try printSQL() }
    guard table == nil, role == nil, database == nil else {
      throw UsageError(message: "--table, --role and --database: expected only with --postgresql")
    }
    guard let path else {
      throw UsageError(message: "expected the path of a database file, or --postgresql")
    }
    try UsageError.expectPath(path, of: "path")
    do {
      try EvidenceWriter.createStore(at: path)
    } catch {
      throw FailedCommand(message: error.message)
    }
  }

  private func printSQL() throws {
    guard path == nil else {
      throw UsageError(message: "--postgresql: expected no path, because it prints SQL")
    }
    let name = table ?? "public.evidence"
    guard let table = TableName(sql: name) else {
      throw FlagValue.refused("table", name, TableName.expectation)
    }
    print(
      TableStatements.create(table, role: role ?? "reflexive", database: database ?? "agents"))
  }
}
