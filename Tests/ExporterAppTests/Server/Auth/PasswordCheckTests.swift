import ConfigurationFiles
import Foundation
import Testing

@testable import ExporterApp

struct BcryptHashTests {
  /// The first is a test vector of crypt_blowfish; all were made by libcrypt or Go.
  @Test(arguments: [
    ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
    ("$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "correct horse"),
    ("$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi", "fakepassword"),
  ])
  func aHashMatchesItsPasswordAndNoOther(text: String, password: String) throws {
    let hash = try #require(BcryptHash(text))
    let bytes = Array(password.utf8)
    #expect(hash.matches(bytes))
    #expect(!hash.matches(bytes + [0]))
    #expect(!hash.matches(bytes + [0] + bytes))
    #expect(!hash.matches(bytes.dropLast()))
    #expect(!hash.matches([]))
    #expect(!hash.matches(bytes + Array("x".utf8)))
    #expect(!hash.matches([UInt8](repeating: 97, count: 100_000)))
  }

  @Test(arguments: [
    "", "doe", "$2y$10$", "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2a$03$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2a$19$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2a$0x$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
    "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe=",
    "$6$abc$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "$2a$05$é\u{301}",
  ])
  func whatIsNoHashOfBcryptIsRefused(text: String) {
    #expect(BcryptHash(text) == nil)
  }
}

struct PasswordCheckTests {
  private let users: [[UInt8]: BcryptHash]

  init() throws {
    let hash = BcryptHash("$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e")
    users = [Array("ann".utf8): try #require(hash)]
  }

  private func credentials(_ text: String) throws -> BasicCredentials {
    let encoded = Data(text.utf8).base64EncodedString()
    return try #require(BasicCredentials(authorization: "Basic \(encoded)"))
  }

  @Test(arguments: [
    ("ann:correct horse", PasswordCheck.Outcome.accepted), ("ann:wrong", .refused),
    ("ann:", .refused), ("bob:correct horse", .refused), (":", .refused),
    (":correct horse", .refused), ("Ann:correct horse", .refused),
    ("ann:correct horse\0", .refused), ("ann:correct horse:", .refused),
  ])
  func onlyAKnownUserWithTheRightPasswordIsLetIn(
    text: String, outcome: PasswordCheck.Outcome
  ) async throws {
    let check = PasswordCheck()
    for _ in 1...3 {
      #expect(
        await check.check(try credentials(text), users: users, client: "192.0.2.1") == outcome)
    }
  }

  @Test func whatWasRightIsNotRightForAnotherHashOrWithoutTheUser() async throws {
    let check = PasswordCheck()
    let ann = try credentials("ann:correct horse")
    #expect(await check.check(ann, users: users, client: "") == .accepted)
    let other = try #require(
      BcryptHash("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
    #expect(await check.check(ann, users: [Array("ann".utf8): other], client: "") == .refused)
    #expect(await check.check(ann, users: [Array("bob".utf8): other], client: "") == .refused)
  }

  @Test func aFloodOfWrongPasswordsKeepsOutNeitherOtherClientsNorWhoWasLetIn() async throws {
    let check = PasswordCheck()
    let ann = try credentials("ann:correct horse")
    #expect(await check.check(ann, users: users, client: "b") == .accepted)
    let bob = try credentials("bob:x")
    let wrong = try (0..<500).map { try credentials("ann:wrong\($0)") }
    let outcomes = await withTaskGroup(of: PasswordCheck.Outcome.self) { group in
      for credentials in wrong {
        group.addTask { await check.check(credentials, users: users, client: "a") }
      }
      #expect(await check.check(ann, users: users, client: "a") == .accepted)
      #expect(await check.check(bob, users: users, client: "c") == .refused)
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(!outcomes.contains(.accepted))
    #expect(outcomes.contains(.refused))
  }

  @Test func theNumberOfThoseThatWaitIsLimitedByClientAndInAll() {
    var waiting = AdmissionLimiter()
    let first = (0...AdmissionLimiter.limitOfClient).map { _ in waiting.admit("a") }
    #expect(first == [true, true, true, true, false])
    let other = waiting.admit("b")
    waiting.leave("a")
    let next = waiting.admit("a")
    #expect(other && next)
    let more = (0..<1000).count { waiting.admit("client \($0)") }
    #expect(more == AdmissionLimiter.limit - 5)
    waiting.leave("a")
    let late = (waiting.admit("late"), waiting.admit("later"))
    #expect(late == (true, false))
  }
}

struct BasicCredentialsTests {
  @Test func theSchemeIsOfAnyCaseAndAPasswordMayHaveColons() throws {
    let credentials = try #require(BasicCredentials(authorization: "bAsIc YTpiOmM="))
    #expect(credentials.user == Array("a".utf8))
    #expect(credentials.password == Array("b:c".utf8))
  }

  @Test(arguments: [
    "", "Basic", "Basic ", "Basic !!!!", "Bearer YTpi", "YTpi", "Basic YQ==", "Basic YTpi YTpi",
    "Basicx YTpi", "Basic\u{301} YTpi",
  ])
  func whatIsNotWellFormedIsRefused(authorization: String) {
    #expect(BasicCredentials(authorization: authorization) == nil)
  }
}

struct SHA256Tests {
  /// FIPS 180-2, appendix B; the lengths round a block as sha256sum has them.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func theExamplesOfTheStandardHold(message: String, expected: String) {
    #expect(hex(SHA256.hash(Array(message.utf8))) == expected)
  }

  @Test(arguments: [
    (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
    (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
    (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
    (119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
    (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
    (1000, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
  ])
  func anyLengthIsPadded(length: Int, expected: String) {
    #expect(hex(SHA256.hash([UInt8](repeating: 97, count: length))) == expected)
  }

  /// RFC 4231, test cases 1, 2 and 6.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func theCodesOfTheStandardHold(key: [UInt8], message: String, expected: String) {
    #expect(hex(SHA256.authenticationCode(Array(message.utf8), key: key)) == expected)
  }

  private func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

struct TokenBucketTests {
  /// Which of the requests at these milliseconds are let through.
  private func taken(burst: Int, _ milliseconds: [Int]) -> [Bool] {
    let start = ContinuousClock.now
    var bucket = TokenBucket(.init(interval: .seconds(1), burst: burst), at: start)
    return milliseconds.map { bucket.take(at: start.advanced(by: .milliseconds($0))) }
  }

  @Test func aBurstIsLetThroughAndThenOneAnInterval() {
    #expect(
      taken(burst: 2, [0, 0, 0, 900, 1001, 1002]) == [true, true, false, false, true, false])
    #expect(
      taken(burst: 2, [0, 0, 3_600_000, 3_600_000, 3_600_000]) == [true, true, true, true, false])
  }

  @Test func withoutABurstNothingIsLetThrough() {
    #expect(taken(burst: 0, [0, 10_000]) == [false, false])
  }
}
