import Glibc
import LinuxSystem
package import Logging
import Synchronization

/// Reports which stores' files have changed, from file events on their directories.
///
/// It watches directories and not files, because a WAL and a journal come and go and a database may
/// be replaced. An event is a hint: some file systems raise none, and in WAL mode it comes before
/// the commit is visible.
package final class ChangeWatcher: Sendable {
  typealias StoreID = ObjectIdentifier

  private struct Target: Hashable {
    var store: StoreID
    var part: FileChange.Part
  }

  private struct State {
    /// The watched files, by watch and then by name.
    var targets: [Int32: [String: Set<Target>]] = [:]
    var hasRunOut = false

    mutating func add(_ store: StoreID, _ watch: Int32, _ name: String) {
      for part in FileChange.Part.allCases {
        let target = Target(store: store, part: part)
        targets[watch, default: [:]][name + part.rawValue, default: []].insert(target)
      }
    }

    mutating func remove(_ store: StoreID) {
      for (watch, names) in targets {
        targets[watch] = names.compactMapValues { targets in
          let others = targets.filter { $0.store != store }
          return others.isEmpty ? nil : others
        }
      }
    }
  }

  /// `nil` if the system has no queue left.
  let queue: FileEventQueue?
  private let state = Mutex(State())
  private let logger: Logger

  package init(logger: Logger) {
    self.logger = logger
    do throws(SystemError) {
      queue = try FileEventQueue()
    } catch {
      queue = nil
      logger.warning(
        "no file events; checking the stores twenty times a second instead",
        metadata: ["error": .string(error.description)])
    }
  }

  /// Reports changes of the files of the database at `path` from now on. Call it again to watch a
  /// directory that was missing or was replaced. Blocks.
  ///
  /// - Returns: which writes the events report.
  func watch(_ path: String, for store: StoreID) -> FileEvents {
    guard let queue else { return .absent }
    let file = resolved(path)
    var events: [FileEvents] = []
    for place in [path] + (file.utf8.elementsEqual(path.utf8) ? [] : [file]) {
      let (directory, name) = PathBytes.split(place)
      do throws(SystemError) {
        let watch = try queue.watch(directory)
        state.withLock { $0.add(store, watch, name) }
        events.append(FileEvents(of: file, watchedIn: directory))
      } catch {
        if error.number == ENOSPC { warnOfLimit() }
        events.append(.absent)
      }
    }
    // If only one of two places is watched, it still reports something.
    let isWatchedInPart = events.contains(.absent) && events.contains { $0 != .absent }
    return isWatchedInPart ? .partial : events.min() ?? .absent
  }

  /// Stops reporting changes of the store.
  func unwatch(_ store: StoreID) {
    let abandoned = state.withLock { state in
      state.remove(store)
      let abandoned = state.targets.filter(\.value.isEmpty).map(\.key)
      for watch in abandoned { state.targets[watch] = nil }
      return abandoned
    }
    for watch in abandoned { queue?.unwatch(watch) }
  }

  /// The most telling change of each store since the last call; `nil` if there were no events at
  /// all.
  func takeChanges() -> [StoreID: FileChange]? {
    guard let events = queue?.read(), !events.isEmpty else { return nil }
    return state.withLock { state in
      var changes: [StoreID: FileChange] = [:]
      for event in events {
        for (store, change) in take(event, &state) {
          changes[store] = max(changes[store] ?? change, change)
        }
      }
      return changes
    }
  }

  private func take(
    _ event: FileEventQueue.Event, _ state: inout State
  ) -> [(StoreID, FileChange)] {
    if event.kinds.contains(.overflow) {
      return state.targets.values.flatMap { $0.values.joined() }.map { ($0.store, .moved) }
    }
    // Another directory may soon be at the old path.
    if event.kinds.contains(.directoryMoved) { queue?.unwatch(event.directory) }
    if event.kinds.contains(.ended) {
      let names = state.targets.removeValue(forKey: event.directory) ?? [:]
      return names.values.joined().map { ($0.store, .moved) }
    }
    let targets = state.targets[event.directory]?[event.name] ?? []
    return targets.compactMap { target in
      FileChange(event.kinds, of: target.part).map { (target.store, $0) }
    }
  }

  private func warnOfLimit() {
    let isNew = state.withLock { state in
      defer { state.hasRunOut = true }
      return !state.hasRunOut
    }
    guard isNew else { return }
    logger.warning(
      "no file events for some stores, which are checked often instead; raise the limit",
      metadata: ["limit": "sysctl fs.inotify.max_user_watches"])
  }

  private func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
