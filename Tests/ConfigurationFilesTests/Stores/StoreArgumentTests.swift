import ReflexiveCore
import Testing

@testable import ConfigurationFiles

struct StoreArgumentTests {
  @Test func anArgumentIsAPathEvenWithAnEqualsSign() throws {
    let store = try StoreConfiguration(argument: "name=/data/a.db")
    #expect(store.pattern == "name=/data/a.db")
    #expect(store.plainName == "a")
    #expect(try StoreConfiguration(argument: "/data/*.db").isGlob)
  }

  @Test func argumentsAddToTheFileAndHaveItsObjectives() throws {
    var configuration = try configuration(
      "stores: [{ path: /a.db, objectives: { qsr: 0.1 } }]\nobjectives: { qsr: 0.7 }")
    try configuration.add(storeArguments: ["b.db", "/data/*.db"])
    #expect(configuration.stores.map(\.pattern) == ["/a.db", "b.db", "/data/*.db"])
    #expect(configuration.stores.map(\.objectives.qsr) == [0.1, 0.7, 0.7])
  }

  @Test(arguments: [
    (
      ["/x/a.db"],
      #""/x/a.db" is not allowed: the store "/data/a.db" has the same name "a": expected a path and a name of its own"#
    ),
    (
      ["/data//a.db"],
      #""/data//a.db" is not allowed: the store "/data/a.db" has the same path: expected a path and a name of its own"#
    ),
    (
      ["b.db", "c/b.db"],
      #""c/b.db" is not allowed: the store "b.db" has the same name "b": expected a path and a name of its own"#
    ),
    (
      ["*.db", "*.db"],
      #""*.db" is not allowed: the store "*.db" has the same path: expected a path and a name of its own"#
    ),
    (
      [""],
      #""" is not allowed: expected the path of a database file, or a glob such as /data/*.db, and no URI"#
    ),
    (
      ["a\nb.db"],
      #""a\nb.db" is not allowed: expected a file name of 1 to 256 bytes of UTF-8 without control characters"#
    ),
  ])
  func anArgumentThatClashesIsNamed(arguments: [String], expected: String) throws {
    var configuration = try configuration("stores: [{ path: /data/a.db }]")
    let error = #expect(throws: ConfigurationError.self) {
      try configuration.add(storeArguments: arguments)
    }
    #expect(error?.description == "--store: \(expected)")
  }
}
