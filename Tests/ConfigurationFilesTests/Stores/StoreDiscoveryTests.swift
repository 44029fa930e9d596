import TestSupport
import Foundation
import Testing

@testable import ConfigurationFiles

struct StoreDiscoveryTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func store(_ pattern: String, name: String? = nil) throws -> StoreConfiguration {
    let path = try #require(StorePath(pattern, relativeTo: folder.path))
    return StoreConfiguration(path: path, name: name)
  }

  private func names(_ discovery: StoreDiscovery) -> [String] { discovery.found.map(\.name) }

  @Test func aPlainPathIsAStoreBeforeItsFileIsThere() throws {
    let store = try store("later.db")
    let discovery = StoreDiscovery.discover([store])
    #expect(
      discovery.found == [
        DiscoveredStore(name: "later", path: "\(folder.path)/later.db", configuration: store)
      ])
    #expect(discovery.conflicts == [])
  }

  @Test func aGlobFindsFilesSortedAndWithoutSQLitesOwn() throws {
    for file in [
      "b.db", "a.db", "a.db-wal", "a.db-shm", "a.db-journal", ".hidden.db", "c.txt", "dir.db/x",
    ] {
      try folder.make(file)
    }
    let discovery = StoreDiscovery.discover([try store("*.db*")])
    #expect(names(discovery) == ["a", "b"])
    #expect(discovery.conflicts == [])
  }

  /// U+0600 joins the character after it.
  @Test func oddNamesMakeNeitherSQLitesFilesNorDirectoriesStores() throws {
    for file in ["a\u{600}.db", "a\u{600}-wal", "a\u{600}-shm", "dir\u{600}/x"] {
      try folder.make(file)
    }
    #expect(names(StoreDiscovery.discover([try store("*")])) == ["a\u{600}"])
  }

  @Test func aGlobOverDirectoriesNamesTheTeam() throws {
    try folder.make("team-b/evidence.db")
    try folder.make("team-a/evidence.db")
    try folder.make("evidence.db")
    let discovery = StoreDiscovery.discover([try store("*/evidence.db")])
    #expect(names(discovery) == ["team-a/evidence", "team-b/evidence"])
    #expect(
      discovery.found.map(\.path)
        == ["team-a", "team-b"].map { "\(folder.path)/\($0)/evidence.db" })
  }

  @Test func aNewFileIsFoundTheNextTime() throws {
    let stores = [try store("*.db")]
    #expect(StoreDiscovery.discover(stores).found.isEmpty)
    try folder.make("a.db")
    #expect(names(StoreDiscovery.discover(stores)) == ["a"])
  }

  @Test func aLinkToAFileIsFoundAndABrokenOneIsNot() throws {
    let target = try folder.make("elsewhere/a.db")
    let files = FileManager.default
    try files.createSymbolicLink(atPath: "\(folder.path)/l.db", withDestinationPath: target)
    try files.createSymbolicLink(atPath: "\(folder.path)/m.db", withDestinationPath: "/nowhere/x")
    #expect(names(StoreDiscovery.discover([try store("*.db")])) == ["l"])
  }

  @Test func aPatternIsAlsoItsOwnName() throws {
    try folder.make("[old].db")
    try folder.make("what?.db")
    try folder.make("a\\b.db")
    #expect(names(StoreDiscovery.discover([try store("[old].db")])) == ["[old]"])
    #expect(names(StoreDiscovery.discover([try store("what?.db")])) == ["what?"])
    #expect(names(StoreDiscovery.discover([try store("a\\b*")])) == ["a\\b"])
    #expect(names(StoreDiscovery.discover([try store("\\[o*.db")])) == ["[old]"])
  }

  @Test func aPlainEntryWinsOverAGlob() throws {
    try folder.make("a.db")
    try folder.make("b.db")
    let glob = try store("*.db")
    let plain = try store("b.db", name: "mine")
    let discovery = StoreDiscovery.discover([glob, plain])
    #expect(names(discovery) == ["mine", "a"])
    #expect(discovery.found.map(\.configuration) == [plain, glob])
    #expect(discovery.conflicts == [])
  }

  @Test func aFileThatTwoGlobsFindIsOneStore() throws {
    try folder.make("a.db")
    let discovery = StoreDiscovery.discover([try store("*.db"), try store("a.*")])
    #expect(names(discovery) == ["a"])
    #expect(discovery.conflicts == [])
  }

  @Test func theFirstOfTwoWithOneNameWins() throws {
    let first = try folder.make("x/a.db")
    let second = try folder.make("y/a.db")
    let discovery = StoreDiscovery.discover([try store("x/*.db"), try store("y/*.db")])
    #expect(discovery.found.map(\.path) == [first])
    #expect(discovery.conflicts == ["\"\(second)\": the name \"a\" is taken by \"\(first)\""])
  }

  @Test func aFoundStoreKeepsItsNameAgainstAnEarlierFile() throws {
    let stores = [try store("x/*.db"), try store("y/*.db")]
    let followed = try folder.make("y/a.db")
    let known = StoreDiscovery.discover(stores).found
    try folder.make("x/a.db")
    let discovery = StoreDiscovery.discover(stores, known: known)
    #expect(discovery.found.map(\.path) == [followed])
    #expect(discovery.conflicts.count == 1)
  }

  @Test func aPlainEntryTakesANameFromAFoundStore() throws {
    try folder.make("a.db")
    let glob = try store("*.db")
    let known = StoreDiscovery.discover([glob]).found
    let discovery = StoreDiscovery.discover([glob, try store("elsewhere/a.db")], known: known)
    #expect(discovery.found.map(\.path) == ["\(folder.path)/elsewhere/a.db"])
    #expect(discovery.conflicts.count == 1)
  }

  @Test func aNameThatCannotBeALabelIsAConflict() throws {
    try folder.make("a\nb.db")
    let discovery = StoreDiscovery.discover([try store("*.db")])
    #expect(discovery.found.isEmpty)
    #expect(
      discovery.conflicts == [
        "\"\(folder.path)/a\\nb.db\": the name is not 1 to 256 bytes of UTF-8 without control characters"
      ])
  }

  @Test func aPathThatIsNotUTF8IsAConflict() throws {
    let file = Array("\(folder.path)/a".utf8CString.dropLast()) + [CChar(bitPattern: 0xff), 0]
    let descriptor = open(file, O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    let discovery = StoreDiscovery.discover([try store("*")])
    #expect(discovery.found.isEmpty)
    #expect(discovery.conflicts == ["\"\(folder.path)/a\u{fffd}\": the path is not UTF-8"])
  }

  @Test func everyPathAndGlobIsCountedAsItIsWritten() throws {
    try folder.make("x/a.db")
    try folder.make("y/a.db")
    try folder.make("y/b.db")
    let discovery = StoreDiscovery.discover([
      try store("none/*.db"), try store("later.db"), try store("x/*.db"), try store("y/*.db"),
    ])
    #expect(
      discovery.counts == [
        DiscoveryCount(path: "later.db", stores: 1), DiscoveryCount(path: "none/*.db", stores: 0),
        DiscoveryCount(path: "x/*.db", stores: 1),
        DiscoveryCount(path: "y/*.db", stores: 1, conflicts: 1),
      ])
  }

  /// Labels of a metric: no two series may have the same.
  @Test func entriesThatAreWrittenAlikeCountAsOne() throws {
    try folder.make("x/a.db")
    try folder.make("y/b.db")
    let stores = try ["x", "y"].map { directory in
      let path = try #require(StorePath("*.db", relativeTo: folder.path + "/" + directory))
      return StoreConfiguration(path: path)
    }
    #expect(
      StoreDiscovery.discover(stores).counts == [DiscoveryCount(path: "*.db", stores: 2)])
  }

  @Test func aFileThatAnotherEntryNamesIsNoConflictAndNoAbsence() throws {
    try folder.make("a.db")
    let counts = StoreDiscovery.discover([try store("a.db", name: "mine"), try store("*.db")])
      .counts
    #expect(
      counts == [
        DiscoveryCount(path: "a.db", stores: 1), DiscoveryCount(path: "*.db", stores: 1),
      ])
  }

  @Test func namesThatOnlyUnicodeTakesForTheSameAreTwo() throws {
    try folder.make("é.db")
    try folder.make("e\u{301}.db")
    #expect(StoreDiscovery.discover([try store("*.db")]).found.count == 2)
  }
}
