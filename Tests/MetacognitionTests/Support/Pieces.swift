@testable import Metacognition

/// Streams words, and fails after them if it is told to.
struct WordAgent: StreamingAgent {
  struct Broken: Error {}

  let name: String
  var fails = false

  func run(_ input: [String]) async throws(Broken) -> AsyncThrowingStream<String, any Error> {
    if input.isEmpty { throw Broken() }
    let fails = fails
    return AsyncThrowingStream { continuation in
      for word in input { continuation.yield(word) }
      continuation.finish(throwing: fails ? Broken() : nil)
    }
  }
}
