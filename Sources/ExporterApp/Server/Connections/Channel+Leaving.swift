import NIOCore

extension Channel {
  /// Calls `body` once the client has closed its side of the connection and reads no stream any
  /// more.
  func whenClientLeaves(_ body: @escaping @Sendable () -> Void) {
    closeFuture.whenComplete { _ in body() }
    eventLoop.execute {
      guard let handler = try? self.pipeline.syncOperations.handler(type: ConnectionHandler.self)
      else { return }
      handler.whenInputCloses(body)
    }
  }

  /// Whether the last body that was handed on has ended without breaking off.
  func hasWholeBody() async -> Bool {
    let answer = eventLoop.submit {
      let handler = try self.pipeline.syncOperations.handler(type: ConnectionHandler.self)
      return !handler.isBodyBroken
    }
    return (try? await answer.get()) ?? false
  }
}
