import Testing

@testable import ConfigurationFiles

struct StorePathTests {
  @Test(arguments: [
    ("/data/a.db", "/data/a.db", false), ("a.db", "a.db", false), ("./a.db", "a.db", false),
    ("//data/.//a.db", "/data/a.db", false), ("../a.db", "../a.db", false),
    ("/data/a b#é.db", "/data/a b#é.db", false), (#"a\b.db"#, #"a\b.db"#, false),
    (#"what\?.db"#, "what?.db", false), (#"\[old\].db"#, "[old].db", false),
    (#"a\\b"#, #"a\b"#, false),
    ("/data/*/evidence.db", "/data/*/evidence.db", true), ("a?.db", "a?.db", true),
    ("[ab].db", "[ab].db", true), (#"\[a\]*.db"#, #"\[a\]*.db"#, true), (#"x\y*"#, #"x\\y*"#, true),
    ("{a,b}.db", "{a,b}.db", false), ("~/a.db", "~/a.db", false), ("x=/a.db", "x=/a.db", false),
    ("a/\u{301}b.db", "a/\u{301}b.db", false),
  ])
  func aPathIsReadAsWritten(written: String, pattern: String, isGlob: Bool) {
    #expect(StorePath(written)?.pattern == pattern)
    #expect(StorePath(written)?.isGlob == isGlob)
  }

  @Test(arguments: ["", "/", "//", ".", "..", "/data/", "/data/.", "a/..", "a\0b"])
  func aPathWithoutAFileNameIsNone(written: String) {
    #expect(StorePath(written) == nil)
  }

  @Test(arguments: [
    "file:/x.db?mode=ro", "file:x.db", "FILE:///x.db", "sqlite:///data/x.db", "http://host/x.db",
    "s3+a://bucket/*.db",
  ])
  func aURIIsNoPath(written: String) { #expect(StorePath(written) == nil) }

  @Test(arguments: [
    "./file:x.db", "/data/file:x.db", "files:x.db", "a:b.db", "1://x.db", "x/y://z",
  ])
  func aPathWithAColonIsOne(written: String) { #expect(StorePath(written) != nil) }

  @Test(arguments: [
    ("/data/reflexive.db", "reflexive"), ("a.b.db", "a.b"), ("noextension", "noextension"),
    (".db", ".db"), (".hidden.db", ".hidden"), ("a.", "a"), ("dir.d/a", "a"), ("x/é.db", "é"),
    ("x/\u{301}a.db", "\u{301}a"),
  ])
  func aStoreIsNamedAfterItsFile(path: String, name: String) {
    #expect(StoreName.derive(path: path) == name)
  }

  @Test(arguments: [
    ("/data/team-a/evidence.db", "/data/*/evidence.db", "team-a/evidence"),
    ("/data/a.db", "/data/*.db", "a"), ("/data/x/y/z.b.db", "/data/*/y/*", "x/y/z.b"),
    ("a/b.db", "*/b.db", "a/b"), ("/[x]/a.db", "/\\[x\\]/*.db", "a"),
    ("/data/a.db", "/data/a.d[b]", "a"),
  ])
  func aGlobsStoreIsNamedAfterWhatTheGlobLeavesOpen(path: String, glob: String, name: String) {
    #expect(StoreName.derive(path: path, glob: glob) == name)
  }
}
