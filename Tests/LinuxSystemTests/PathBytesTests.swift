import LinuxSystem
import Testing

/// U+0301 joins the character before it, U+0600 the one after it: to Swift, neither slash is one.
struct PathBytesTests {
  @Test(arguments: [
    ("/a/b", "/a", "b"), ("/b", "/", "b"), ("b", ".", "b"), ("a/\u{301}b", "a", "\u{301}b"),
    ("a\u{600}/b", "a\u{600}", "b"), ("/\u{301}b", "/", "\u{301}b"),
  ])
  func aPathIsItsDirectoryAndItsName(path: String, directory: String, name: String) {
    let parts = PathBytes.split(path)
    #expect(parts.directory == directory && parts.name == name)
  }

  @Test func aPathFromTheRootIsAbsolute() {
    #expect(PathBytes.isAbsolute("/\u{301}a") && !PathBytes.isAbsolute("./a"))
    #expect(!PathBytes.isAbsolute(""))
  }

  @Test(arguments: [
    ("a.db-wal", "a.db"), ("a.db-shm", "a.db"), ("a.db-journal", "a.db"), ("a.db", nil),
    ("a\u{600}-wal", "a\u{600}"), ("a-wal\u{301}", nil), ("-wal", ""),
  ])
  func aFileBesideADatabaseNamesIt(file: String, database: String?) {
    #expect(PathBytes.database(besideWhich: file) == database)
  }
}
