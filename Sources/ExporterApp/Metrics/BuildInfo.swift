import CBuildInfo
import EvidenceStore

/// The versions that the exporter was built from.
package struct BuildInfo: Hashable, Sendable {
  package var version: String
  package var revision: String
  package var swiftVersion: String
  package var sqliteVersion: String

  package init(version: String, revision: String, swiftVersion: String, sqliteVersion: String) {
    self.version = version
    self.revision = revision
    self.swiftVersion = swiftVersion
    self.sqliteVersion = sqliteVersion
  }

  package static let current = BuildInfo(
    version: "0.1.0", revision: String(cString: reflexive_build_revision()),
    swiftVersion: compilerVersion, sqliteVersion: SQLiteLibrary.version)

  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }
}
