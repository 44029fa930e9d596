import Glibc
import LinuxSystem

extension StoreFile {
  /// The attributes of a database and its WAL. Every commit changes them, except one within the
  /// same tick of the kernel's clock as the write before: see ``isIdle``.
  struct FileStamp: Hashable {
    fileprivate struct Part: Hashable {
      var identity: FileIdentity
      var size: Int64
      var changed: Int64
    }

    /// How many nanoseconds ago the last write has to be: many ticks of any kernel's clock.
    static let idleTime: Int64 = 200_000_000

    private let database: Part
    private let wal: Part?

    /// - Parameter walPath: the path of the WAL when the database was last open. If `path` leads to
    ///   another file now, the identity of that file differs.
    /// - Returns: `nil` if there is no database at `path`.
    init?(path: String, walPath: String) {
      guard let database = Part(path: path) else { return nil }
      self.database = database
      wal = Part(path: walPath)
    }

    /// Whether the last write is so long ago that the next one changes the stamp.
    var isIdle: Bool {
      let age = readClock(CLOCK_REALTIME_COARSE) &- max(database.changed, wal?.changed ?? .min)
      return age >= Self.idleTime
    }
  }
}

extension StoreFile.FileStamp.Part {
  fileprivate init?(path: String) {
    guard let status = try? FileStatus(of: path) else { return nil }
    self.init(identity: status.identity, size: status.size, changed: status.changed)
  }
}
