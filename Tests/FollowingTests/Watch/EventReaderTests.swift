import NIOCore
import NIOEmbedded
import Testing

@testable import Following

struct EventReaderTests {
  /// Milliseconds until more is read after each of the reads, as somebody waited for what came.
  private func breaths(_ isAwaited: [Bool]) throws -> [Int] {
    let channel = EmbeddedChannel()
    let reads = ReadCount()
    var left = isAwaited[...]
    try channel.pipeline.syncOperations.addHandlers(
      reads, EventReader { _ in left.popFirst() ?? false })
    channel.pipeline.fireChannelActive()
    return try isAwaited.map { _ in
      let count = reads.count
      try channel.writeInbound(ByteBuffer(bytes: [1]))
      var milliseconds = 0
      while reads.count == count, milliseconds < 100 {
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(1))
        milliseconds += 1
      }
      return milliseconds
    }
  }

  @Test func whatIsAwaitedIsReadAgainSoon() throws {
    #expect(try breaths([true, true, true]) == [1, 1, 1])
  }

  @Test func otherFilesAreReadOfLessAndLessUntilSomethingIsAwaited() throws {
    let noise = Array(repeating: false, count: 6)
    #expect(try breaths(noise + [true] + noise) == [2, 4, 8, 16, 16, 16, 1, 2, 4, 8, 16, 16, 16])
  }
}

private final class ReadCount: ChannelOutboundHandler {
  typealias OutboundIn = Never
  private(set) var count = 0

  func read(context: ChannelHandlerContext) {
    count += 1
    context.read()
  }
}
