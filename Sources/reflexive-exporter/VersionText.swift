import ExporterApp

enum VersionText {
  static var current: String {
    let build = BuildInfo.current
    return """
      reflexive-exporter, version \(build.version) (revision: \(build.revision))
        swift:  \(build.swiftVersion)
        sqlite: \(build.sqliteVersion)
      """
  }
}
