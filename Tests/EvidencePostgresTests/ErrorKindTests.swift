import EvidenceStore
import Testing

@testable import EvidencePostgres

struct ErrorKindTests {
  @Test(arguments: [
    ("3D000", "missing"), ("28P01", "permission"), ("42501", "permission"), ("42P01", "schema"),
    ("42703", "schema"), ("42804", "schema"), ("0A000", "schema"), ("55P03", "locked"),
    ("57014", "locked"), ("40001", "locked"), ("40P01", "locked"), ("57P03", "recovery"),
    ("XX001", "corrupt"), ("XX002", "corrupt"), ("08006", "io"), ("57P01", "io"), ("53300", "io"),
    ("99999", "io"),
  ])
  func aCodeOfTheServerIsAKind(code: String, kind: String) {
    #expect(StoreReadError.Kind(sqlState: code).rawValue == kind)
  }

  @Test func theCodeOfARefusedConnectionIsFoundInAnyLanguage() {
    #expect(sqlState(in: "connection failed: FATAL:  28P01: password\nLOCATION:  x") == "28P01")
    #expect(sqlState(in: "connection failed: 致命错误:  3D000: 数据库") == "3D000")
    #expect(sqlState(in: "connection refused") == nil)
  }

  @Test func nothingAfterTheFirstLineIsKept() {
    let error = StoreReadError(
      sqlState: "23505", message: "duplicate\nDETAIL:  Key (id)=(1)", at: "postgresql://db/a/b")
    #expect(error.message == "postgresql://db/a/b: duplicate (SQLSTATE 23505)")
  }
}
