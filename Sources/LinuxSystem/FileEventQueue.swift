import Glibc

/// File events of directories, from inotify(7).
package final class FileEventQueue: Sendable {
  package struct Event: Sendable {
    /// The result of ``watch(_:)``.
    package var directory: Int32
    package var kinds: Kinds
    /// The name of the file in the directory; empty for an event of the directory itself.
    package var name: String
  }

  package struct Kinds: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    private init(_ mask: Int) { rawValue = UInt32(mask) }

    package static let modified = Kinds(Int(IN_MODIFY))
    package static let closed = Kinds(Int(IN_CLOSE_WRITE))
    package static let created = Kinds(Int(IN_CREATE))
    package static let deleted = Kinds(Int(IN_DELETE))
    package static let moved = Kinds(Int(IN_MOVED_FROM) | Int(IN_MOVED_TO))
    /// The permissions, the owner or the number of hard links changed.
    package static let attributes = Kinds(Int(IN_ATTRIB))
    package static let directoryMoved = Kinds(Int(IN_MOVE_SELF))
    /// The watch has ended.
    package static let ended = Kinds(Int(IN_IGNORED))
    /// Events were lost.
    package static let overflow = Kinds(Int(IN_Q_OVERFLOW))

    fileprivate static let wanted: Kinds = [
      .modified, .closed, .created, .deleted, .moved, .attributes, .directoryMoved,
    ]
  }

  let descriptor: Int32

  package init() throws(SystemError) {
    descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0 else { throw .latest }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Watches a directory, unless it is watched already.
  ///
  /// - Returns: the ``Event/directory`` of its events.
  package func watch(_ directory: String) throws(SystemError) -> Int32 {
    let watch = inotify_add_watch(descriptor, directory, Kinds.wanted.rawValue)
    guard watch >= 0 else { throw .latest }
    return watch
  }

  /// Ends a watch, which raises ``Kinds/ended``.
  package func unwatch(_ directory: Int32) {
    inotify_rm_watch(descriptor, directory)
  }

  /// The events since the last call. Consecutive events of one file become one.
  package func read() -> [Event] {
    var events: [Event] = []
    withUnsafeTemporaryAllocation(byteCount: Self.bufferSize, alignment: 8) { buffer in
      while true {
        // A read returns whole events only.
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        guard count > 0 else { return }
        Self.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: &events)
        if count < buffer.count / 2 { return }
      }
    }
    return events
  }

  private static let bufferSize = 16_384

  /// `struct inotify_event`: watch descriptor, mask, cookie, length, and a name padded with NULs.
  private static func append(_ bytes: UnsafeRawBufferPointer, to events: inout [Event]) {
    var offset = 0
    var previous = bytes[..<0]
    while offset + 16 <= bytes.count {
      let length = Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
      guard offset + 16 + length <= bytes.count else { return }
      let name = bytes[offset + 16..<offset + 16 + length]
      let directory = bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self)
      let kinds = Kinds(
        rawValue: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self))
      offset += 16 + length
      if let last = events.last, last.directory == directory, name.elementsEqual(previous) {
        events[events.count - 1].kinds.formUnion(kinds)
        continue
      }
      previous = name
      let text = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      events.append(Event(directory: directory, kinds: kinds, name: text))
    }
  }
}
