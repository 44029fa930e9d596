import Glibc
import LinuxSystem
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// File events on the directories of stores, from inotify(7).
///
/// Directories are watched and not files: a WAL and a journal come and go, and a database may be
/// replaced. An event is a hint and no more: on some file systems there are none, and in WAL mode
/// it comes before the commit can be seen.
package final class ChangeWatcher: Service {
  private struct Watcher {
    var id: ObjectIdentifier
    var wake: @Sendable () -> Void
  }

  private struct State {
    /// By watch descriptor, then by the name of the database file.
    var watchers: [Int32: [String: [Watcher]]] = [:]
    var hasRunOut = false
  }

  private let descriptor: Int32?
  private let state = Mutex(State())
  private let logger: Logger

  package init(logger: Logger) {
    self.logger = logger
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    self.descriptor = descriptor >= 0 ? descriptor : nil
    if descriptor < 0 {
      logger.warning(
        "no file events; looking at the stores ten times a second instead",
        metadata: ["error": .string(String(cString: strerror(errno)))])
    }
  }

  /// Wakes `wakeUp` when something happens to the files of the database at `path`. May be called
  /// again and again: a directory that was not there, or was made anew, is watched then.
  ///
  /// - Returns: what events can be expected.
  func watch(_ path: String, _ wakeUp: WakeUp) -> FileEvents {
    guard let descriptor else { return .absent }
    let file = resolved(path)
    var events: [FileEvents] = []
    for place in [path] + (file.utf8.elementsEqual(path.utf8) ? [] : [file]) {
      let (directory, name) = PathBytes.split(place)
      let watch = inotify_add_watch(descriptor, directory, Self.events)
      guard watch >= 0 else {
        if errno == ENOSPC { warnOfLimit() }
        events.append(.absent)
        continue
      }
      events.append(FileEvents(of: file, watchedIn: directory))
      let watcher = Watcher(id: ObjectIdentifier(wakeUp)) { wakeUp.wake(.fileEvent) }
      state.withLock { state in
        if state.watchers[watch]?[name]?.contains(where: { $0.id == watcher.id }) == true { return }
        state.watchers[watch, default: [:]][name, default: []].append(watcher)
      }
    }
    // Where one of two places is not watched, the other still tells something.
    let isWatchedInPart = events.contains(.absent) && events.contains { $0 != .absent }
    return isWatchedInPart ? .partial : events.min() ?? .absent
  }

  private func warnOfLimit() {
    let isNew = state.withLock { state in
      defer { state.hasRunOut = true }
      return !state.hasRunOut
    }
    guard isNew else { return }
    logger.warning(
      "no file events for some stores, which are looked at often instead; raise the limit",
      metadata: ["limit": "sysctl fs.inotify.max_user_watches"])
  }

  /// Wakes `wakeUp` no more.
  func unwatch(_ wakeUp: WakeUp) {
    let abandoned = state.withLock { state in
      for watch in state.watchers.keys {
        for name in state.watchers[watch, default: [:]].keys {
          state.watchers[watch]?[name]?.removeAll { $0.id == ObjectIdentifier(wakeUp) }
        }
        state.watchers[watch] = state.watchers[watch]?.filter { !$0.value.isEmpty }
      }
      let abandoned = state.watchers.filter(\.value.isEmpty).map(\.key)
      for watch in abandoned { state.watchers[watch] = nil }
      return abandoned
    }
    guard let descriptor else { return }
    for watch in abandoned { inotify_rm_watch(descriptor, watch) }
  }

  package func run() async throws {
    guard let descriptor else { return try await gracefulShutdown() }
    let channel = try await NIOPipeBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.recvAllocator, value: EventReader.allocator)
      .channelOption(.autoRead, value: false)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(EventReader { self.dispatch(&$0) })
        }
      }
      .takingOwnershipOfDescriptor(input: descriptor).get()
    await cancelWhenGracefulShutdown {
      await withTaskCancellationHandler {
        try? await channel.closeFuture.get()
      } onCancel: {
        channel.close(promise: nil)
      }
    }
  }

  /// - Returns: whether somebody waited for one of the events.
  private func dispatch(_ events: inout ByteBuffer) -> Bool {
    var wakes: [@Sendable () -> Void] = []
    while let event = Self.readEvent(&events) {
      // A reader that closes the index of a WAL raises this event, and a commit does not.
      if event.mask == UInt32(IN_CLOSE_WRITE), event.name.utf8.suffix(4).elementsEqual("-shm".utf8)
      {
        continue
      }
      state.withLock { state in
        if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
          wakes += state.watchers.values.flatMap { $0.values.joined() }.map(\.wake)
        }
        let name = PathBytes.database(besideWhich: event.name) ?? event.name
        wakes += (state.watchers[event.watch]?[name] ?? []).map(\.wake)
        // Under its old path there may be another directory soon; this one is given up.
        if event.mask & UInt32(IN_MOVE_SELF) != 0 { abandon(event.watch) }
        if event.mask & UInt32(IN_IGNORED) != 0 {
          wakes += (state.watchers[event.watch] ?? [:]).values.joined().map(\.wake)
          state.watchers[event.watch] = nil
        }
      }
    }
    for wake in wakes { wake() }
    return !wakes.isEmpty
  }

  /// Stops watching a directory, which brings an `IN_IGNORED`.
  private func abandon(_ watch: Int32) {
    if let descriptor { inotify_rm_watch(descriptor, watch) }
  }

  /// `struct inotify_event` of inotify(7): watch descriptor, mask, cookie, length, and a name filled
  /// up with NULs.
  private static func readEvent(
    _ events: inout ByteBuffer
  ) -> (watch: Int32, mask: UInt32, name: String)? {
    guard
      let (watch, mask, _, length) = events.readMultipleIntegers(
        endianness: .host, as: (Int32, UInt32, UInt32, UInt32).self),
      let name = events.readBytes(length: Int(length))
    else { return nil }
    return (watch, mask, String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
  }

  private static let events = UInt32(
    IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB
      | IN_MOVE_SELF)

  private func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
