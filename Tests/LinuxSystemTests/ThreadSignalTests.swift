import Dispatch
import Foundation
import LinuxSystem
import Testing

struct ThreadSignalTests {
  private let signal = ThreadSignal()

  private func wait(atMost limit: Duration?, events: FileEventQueue? = nil) -> Duration {
    ContinuousClock().measure { signal.wait(atMost: limit, events: events) }
  }

  @Test func aSignalEndsTheNextWaitAndNoOther() {
    signal.raise()
    signal.raise()
    #expect(wait(atMost: .seconds(60)) < .seconds(30))
    #expect(wait(atMost: .milliseconds(20)) >= .milliseconds(20))
  }

  @Test func aSignalOfAnotherThreadEndsAWaitWithoutALimit() {
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(20)) { [signal] in
      signal.raise()
    }
    #expect(wait(atMost: nil) < .seconds(60))
  }

  @Test func aTimeThatHasPassedIsNoWait() {
    #expect(wait(atMost: .seconds(-1)) < .seconds(1))
  }

  @Test func aFileEventEndsAWaitAndIsLeftToBeRead() throws {
    let directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("signal-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let events = try FileEventQueue()
    let watch = try events.watch(directory.path)
    try Data([1]).write(to: directory.appendingPathComponent("a"))
    #expect(wait(atMost: .seconds(60), events: events) < .seconds(30))
    let found = events.read()
    #expect(found.allSatisfy { $0.directory == watch && $0.name == "a" })
    #expect(found.contains { $0.kinds.contains(.modified) })
    #expect(events.read().isEmpty)
  }

  @Test func aDirectoryThatIsMissingCannotBeWatched() throws {
    let events = try FileEventQueue()
    #expect(throws: SystemError.self) { try events.watch("/does/not/exist") }
  }
}
