import Following
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Sends the events of a store to one client, until the client or the store leaves, or the exporter
/// stops.
struct EventListener: Sendable {
  private static let commentInterval: Duration = .seconds(15)
  /// Events may come without rows: windows slide, and a store may leave.
  private static let tick: Duration = .seconds(1)
  /// How long to wait for more rows, so that they are sent together.
  private static let pause: Duration = .milliseconds(50)

  let store: FollowedStore
  let registry: StoreRegistry
  let channel: any Channel

  func send(_ stream: EventStream, to writer: inout any ResponseBodyWriter) async throws {
    let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    channel.whenClientLeaves { wake.finish() }
    let subscription = store.news.add(wake)
    defer { store.news.remove(subscription) }
    try await withGracefulShutdownHandler {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask {
          while !Task.isCancelled {
            wake.yield()
            try? await Task.sleep(for: Self.tick)
          }
        }
        try await send(stream, to: &writer, at: wakes)
        group.cancelAll()
      }
    } onGracefulShutdown: {
      wake.finish()
    }
  }

  private func send(
    _ stream: EventStream, to writer: inout any ResponseBodyWriter, at wakes: AsyncStream<Void>
  ) async throws {
    var stream = stream
    // The head is sent with the first bytes.
    try await writer.write(ByteBuffer(bytes: EventText.comment))
    var lastWrite = ContinuousClock.now
    for await _ in wakes {
      guard registry.stores.contains(where: { $0 === store }) else { return }
      var bytes = await stream.next()
      if bytes.isEmpty, lastWrite.duration(to: .now) >= Self.commentInterval {
        bytes = EventText.comment
      }
      guard !bytes.isEmpty else { continue }
      try await writer.write(ByteBuffer(bytes: bytes))
      lastWrite = .now
      try await Task.sleep(for: Self.pause)
    }
  }
}
