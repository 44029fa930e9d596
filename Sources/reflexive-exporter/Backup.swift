import ArgumentParser
import ConfigurationFiles
import EvidenceStore
import Following
import Glibc
import ReflexiveCore

struct Backup: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copies an evidence database while others write to it, and verifies the copy.",
    discussion: """
      In WAL mode it copies the whole database, in other journal modes the table evidence. No write \
      of another program fails or waits because of it. FILE.json beside the copy describes its content.
      """, subcommands: [Verify.self])

  @Option(help: ArgumentHelp("The database.", valueName: "path"))
  var store: String?

  @Option(
    help: ArgumentHelp("The copy. An existing file of that name is replaced.", valueName: "file"))
  var output: String?

  @Option(
    name: .customLong("output-dir"),
    help: ArgumentHelp(
      "The directory of copies that have the time in their names.", valueName: "directory"))
  var outputDirectory: String?

  @Option(
    help: ArgumentHelp(
      "With --output-dir: how many verified copies of this database to keep. (default: all)",
      valueName: "number"))
  var keep: String?

  func run() throws {
    guard let path = store ?? EnvironmentFlags.value(of: "store") else {
      throw UsageError(message: "no store: give --store PATH")
    }
    try UsageError.expectPath(path, of: "--store")
    let file = output ?? EnvironmentFlags.value(of: "output")
    let directory = outputDirectory ?? EnvironmentFlags.value(of: "output-dir")
    let keep = try parsedKeep()
    guard (file == nil) != (directory == nil) else {
      throw UsageError(message: "give either --output FILE or --output-dir DIRECTORY")
    }
    // An empty name, as from an unset shell variable, would be the root directory.
    guard file?.isEmpty != true, directory?.isEmpty != true else {
      throw UsageError(
        message: "--output and --output-dir: \"\" is not allowed: expected the name of a file or a "
          + "directory")
    }
    guard keep == nil || directory != nil else {
      throw UsageError(message: "--keep needs --output-dir")
    }
    do throws(BackupError) {
      let backup = try StoreBackup(store: StoreName.derive(path: path), path: path)
      let now = TimeSource.system.wall
      if let directory {
        let copy = try backup.copy(into: directory, keep: keep, now: now)
        report(copy.file, copy.manifest)
      } else if let file {
        report(file, try backup.copy(to: file, now: now))
      }
    } catch {
      if error.isMisuse { throw UsageError(message: error.description) }
      throw FailedCommand(message: error.description)
    }
  }

  private func parsedKeep() throws -> Int? {
    guard let text = keep ?? EnvironmentFlags.value(of: "keep") else { return nil }
    guard let number = Int(text), number >= 1 else {
      throw UsageError(
        message:
          "--keep: \(quoted(text)) is not allowed: expected a whole number of at least 1")
    }
    return number
  }

  private func report(_ file: String, _ manifest: BackupManifest) {
    let ids = manifest.firstID.map { ", ids \($0) to \(manifest.lastID ?? $0)" } ?? ""
    print(
      "\(file): \(counted(Int(manifest.rows), "row"))\(ids), \(counted(Int(manifest.bytes), "byte"))"
    )
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Checks whether a copy matches its manifest.")

    @Argument(help: ArgumentHelp("The copy; FILE.json is its manifest.", valueName: "file"))
    var file: String

    func run() throws {
      let manifest: BackupManifest
      do throws(BackupError) {
        manifest = try BackupManifest.read(ofCopy: file)
      } catch {
        throw FailedCommand(message: error.description)
      }
      let found = manifest.disagreements(withCopy: file)
      guard found.isEmpty else {
        throw FailedCommand(message: "\(file): " + found.joined(separator: "; "))
      }
      print("\(file): good, \(counted(Int(manifest.rows), "row")) of \(manifest.path)")
    }
  }
}
