import Following
import Synchronization

/// The feeds of the stores that have listeners.
final class EventFeeds: Sendable {
  private struct Entry {
    weak var feed: EventFeed?
  }

  private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

  /// The feed that all listeners of a store share.
  func feed(of store: FollowedStore, _ queries: EvidenceQueries, _ time: TimeSource) -> EventFeed {
    entries.withLock { entries in
      if let feed = entries[ObjectIdentifier(store)]?.feed { return feed }
      entries = entries.filter { $0.value.feed != nil }
      let feed = EventFeed(store, queries, time)
      entries[ObjectIdentifier(store)] = Entry(feed: feed)
      return feed
    }
  }
}
