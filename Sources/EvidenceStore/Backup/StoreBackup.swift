import FoundationEssentials
import Glibc
import LinuxSystem
package import ReflexiveCore

/// Makes verified copies of one database.
package struct StoreBackup {
  /// The name of the store.
  package let store: String
  /// The absolute path of the database, without symbolic links.
  package let path: String

  /// - Throws: if there is no file at the path.
  package init(store: String, path: String) throws(BackupError) {
    guard let resolved = realpath(path, nil) else {
      throw BackupError("\(path): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    self.store = store
    self.path = String(cString: resolved)
  }

  /// Makes one copy and replaces an existing file of that name.
  ///
  /// - Parameter now: called when the copy has ended.
  package func copy(to file: String, now: () -> UnixTime) throws(BackupError) -> BackupManifest {
    try expectPlace(for: file)
    let partial = try asBackup { () throws(SystemFailure) in try PartialFile(for: file) }
    let evidence = try StoreCopy(of: path, to: partial).run()
    let manifest = try BackupManifest(
      store: store, path: path, copy: partial.path, evidence: evidence, now: now())
    try asBackup { () throws(SystemFailure) in try partial.publish() }
    try manifest.write(ofCopy: file)
    return manifest
  }

  /// Refuses a name with which the copy, its manifest or one of their temporary files would replace
  /// the database or a file that SQLite keeps beside it.
  private func expectPlace(for file: String) throws(BackupError) {
    let database = try? FileStatus(of: path).identity
    let names = [file, BackupManifest.path(ofCopy: file)]
    for name in names + names.map({ $0 + PartialFile.suffix }) {
      if let found = try? FileStatus(of: name).identity, found == database {
        throw BackupError(misuse: "\(name): this is the database itself; choose another name")
      }
      if let absolute = Self.absolute(name), PathBytes.database(besideWhich: absolute) == path {
        throw BackupError(misuse: "\(name): this file belongs to the database; choose another name")
      }
    }
  }

  /// The path with the links of its directory resolved; `nil` if there is no such directory.
  private static func absolute(_ file: String) -> String? {
    guard let directory = realpath(PartialFile.directory(of: file), nil) else { return nil }
    defer { free(directory) }
    let name = file.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) }
    let prefix = String(cString: directory)
    return (prefix == "/" ? "" : prefix) + "/" + (name ?? "")
  }

  /// Makes a copy with the time in its name, and deletes older copies.
  ///
  /// - Parameter keep: how many copies of this store to keep; `nil` keeps all.
  package func copy(
    into directory: String, keep: Int?, now: () -> UnixTime
  ) throws(BackupError) -> (file: String, manifest: BackupManifest) {
    removeLeftovers(in: directory)
    let file = try freeName(in: directory, at: now())
    let manifest = try copy(to: file, now: now)
    if let keep { try deleteOld(in: directory, keep: max(keep, 1), besides: file) }
    return (file, manifest)
  }

  /// Returns `NAME-20260102T030405Z.db`, with a number if that name is taken.
  private func freeName(in directory: String, at time: UnixTime) throws(BackupError) -> String {
    let digits = time.calendarText.unicodeScalars.filter { $0 != "-" && $0 != ":" }
    let stamp = String(String.UnicodeScalarView(digits.prefix { $0 != "." })) + "Z"
    let base = "\(directory)/\(fileName)-\(stamp)"
    for name in [base + ".db"] + (1..<1000).map({ "\(base)-\($0).db" })
    where !Self.exists(name) && !Self.exists(name + PartialFile.suffix) {
      return name
    }
    throw BackupError("\(base).db: a thousand copies have names like this")
  }

  private static func exists(_ file: String) -> Bool { (try? FileStatus(of: file)) != nil }

  /// A store's name may have slashes.
  private var fileName: String {
    String(String.UnicodeScalarView(store.unicodeScalars.map { $0 == "/" ? "_" : $0 }))
  }

  /// Removes what aborted copies left, but no file that another process is writing.
  private func removeLeftovers(in directory: String) {
    for name in (try? fileNames(in: directory)) ?? []
    where name.utf8.starts(with: (fileName + "-").utf8)
      && name.utf8.suffix(PartialFile.suffix.utf8.count).elementsEqual(PartialFile.suffix.utf8)
    {
      try? PartialFile.removeLeftover("\(directory)/\(name)")
    }
  }

  /// Deletes old copies. It counts and deletes only copies of this store that match their manifest.
  private func deleteOld(
    in directory: String, keep: Int, besides newest: String
  ) throws(BackupError) {
    let names = try asBackup { () throws(SystemFailure) in try fileNames(in: directory) }
    var copies: [(file: String, time: String)] = []
    for name in names
    where name.utf8.suffix(3).elementsEqual(".db".utf8)
      && name.utf8.starts(with: (fileName + "-").utf8)
    {
      let file = "\(directory)/\(name)"
      guard file != newest, let manifest = try? BackupManifest.read(ofCopy: file),
        manifest.store == store, manifest.path == path, manifest.fits(file)
      else { continue }
      copies.append((file, manifest.time))
    }
    let newestFirst = copies.sorted { ($0.time, $0.file) > ($1.time, $1.file) }
    for copy in newestFirst.dropFirst(keep - 1) {
      // The copy goes first, because a manifest without a copy does no harm.
      guard unlink(copy.file) == 0 else {
        throw BackupError("cannot delete \(copy.file): \(String(cString: strerror(errno)))")
      }
      unlink(BackupManifest.path(ofCopy: copy.file))
    }
  }
}
