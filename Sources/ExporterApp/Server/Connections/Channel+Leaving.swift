import NIOCore

extension Channel {
  /// Calls `body` once the client has closed its side of the connection: nobody reads a stream then.
  func whenClientLeaves(_ body: @escaping @Sendable () -> Void) {
    closeFuture.whenComplete { _ in body() }
    eventLoop.execute {
      guard let handler = try? self.pipeline.syncOperations.handler(type: ConnectionHandler.self)
      else { return }
      handler.whenInputCloses(body)
    }
  }
}
