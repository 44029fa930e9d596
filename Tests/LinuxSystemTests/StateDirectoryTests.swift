import Foundation
import TestSupport
import Testing

@testable import LinuxSystem

struct StateDirectoryTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func aDirectoryIsCreatedForItsOwnerAlone() throws {
    let directory = try StateDirectory(path: folder.path + "/a/b/")
    try directory.replace("x", with: [1, 2, 3])
    #expect(try directory.read("x") == [1, 2, 3])
    #expect(try directory.read("y") == nil)
    #expect(try mode(folder.path + "/a") == 0o700)
    #expect(try mode(folder.path + "/a/b") == 0o700)
    #expect(try mode(folder.path + "/a/b/x") == 0o600)
    #expect(try mode(folder.path + "/a/b/lock") == 0o600)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b")
    #expect(files.sorted() == ["lock", "x"])
  }

  @Test func twoDaemonsNeverShareADirectory() throws {
    var first: StateDirectory? = try StateDirectory(path: folder.path)
    let failure = #expect(throws: SystemFailure.self) {
      try StateDirectory(path: folder.path)
    }
    #expect(failure?.description.contains("in use by another daemon") == true)
    #expect(first != nil)
    first = nil
    _ = try StateDirectory(path: folder.path)
  }

  @Test(arguments: ["/dev/null", "/dev/null/x", "/proc/x", "", "a\0b"])
  func aPathThatCannotBeADirectoryIsAnError(path: String) {
    #expect(throws: SystemFailure.self) { try StateDirectory(path: path) }
  }

  @Test func aLinkWhereItWritesIsNotFollowed() throws {
    let directory = try StateDirectory(path: folder.path)
    let elsewhere = try folder.make("elsewhere", "kept")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/x.tmp", withDestinationPath: elsewhere)
    try directory.replace("x", with: [2])
    #expect(try directory.read("x") == [2])
    #expect(try String(contentsOfFile: elsewhere, encoding: .utf8) == "kept")
  }
}
