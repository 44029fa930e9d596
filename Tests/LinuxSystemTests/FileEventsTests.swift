import TestSupport
import Foundation
import Testing

@testable import LinuxSystem

struct FileEventsTests {
  @Test func eventsAreNotCompleteUnlessTheFileSystemIsKnownToBeLocal() {
    #expect(!FileEvents.isLocal("/proc"))
    #expect(!FileEvents.isLocal("/does/not/exist"))
    #expect(FileEvents(of: "/proc/self/status", watchedIn: "/proc/self") == .partial)
  }

  @Test func eventsOfAFileWithTwoNamesAreNotComplete() throws {
    let folder = try Folder()
    let file = try folder.make("s.db")
    // On a file system that is not local, nothing is complete.
    let usual: FileEvents = FileEvents.isLocal(folder.path) ? .complete : .partial
    #expect(FileEvents(of: file, watchedIn: folder.path) == usual)
    try #require(link(file, folder.path + "/other.db") == 0)
    #expect(FileEvents(of: file, watchedIn: folder.path) == .partial)
  }

  @Test func eventsOfAMissingFileAreNotComplete() throws {
    let folder = try Folder()
    #expect(FileEvents(of: folder.path + "/s.db", watchedIn: folder.path) == .partial)
  }
}
