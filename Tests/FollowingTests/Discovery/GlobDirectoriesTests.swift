import LinuxSystem
import TestSupport
import ConfigurationFiles
import Foundation
import ReflexiveCore
import Testing

@testable import Following

struct GlobDirectoriesTests {
  private let folder: Folder
  /// Long after every change, so that the next one cannot look the same.
  private let later = UnixTime(seconds: 4_000_000_000, nanoseconds: 0)

  init() throws {
    folder = try Folder()
    try folder.make("a/1/x.db")
    try folder.make("b/1/x.db")
  }

  private func directories(_ pattern: String, now: UnixTime? = nil) -> GlobDirectories {
    GlobDirectories(of: [GlobPattern(folder.path + "/" + pattern)], now: now ?? later)
  }

  @Test(arguments: ["a/1/y.db", "c/1/x.db", "b/2/x.db"])
  func aFileThatTheGlobWouldFindShows(name: String) throws {
    let before = directories("*/*/*.db")
    try folder.make(name)
    #expect(!before.areUnchanged)
    try #require(
      GlobPattern(folder.path + "/*/*/*.db").expand().paths.contains(folder.path + "/" + name))
  }

  @Test func aDirectoryThatIsYetToBeMadeShows() throws {
    let before = directories("later/deep/*.db")
    try folder.make("later/deep/x.db")
    #expect(!before.areUnchanged)
  }

  @Test func aFileThatIsNamedLikeThePatternShows() throws {
    let before = directories("[dir]/[old].db")
    try folder.make("[dir]/[old].db")
    #expect(!before.areUnchanged)
  }

  @Test func aFileElsewhereAndAWriteToAFileDoNotShow() throws {
    guard FileEvents.isLocal(folder.path) else {
      #expect(!directories("*/1/*.db").areUnchanged)
      return
    }
    let before = directories("*/1/*.db")
    try folder.make("a/1/x.db", "content")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/a/1/deeper", withIntermediateDirectories: true)
    let inner = directories("a/*/*.db")
    try folder.make("a/1/deeper/x.db")
    #expect(inner.areUnchanged)
    #expect(!before.areUnchanged)
  }

  @Test func aChangeJustBeforeIsNotTrusted() {
    let now = TimeSource.system.wall()
    #expect(!directories("*/1/*.db", now: now).areUnchanged)
  }
}
