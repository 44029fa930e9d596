import Foundation
import NIOCore
import Testing

@testable import ExporterApp

struct GunzipTests {
  private func gzip(_ text: String) throws -> [UInt8] {
    try #require(Gzip().compress(ByteBuffer(string: text).readableBytesView))
  }

  @Test(arguments: [1, 65_535, 65_536, 65_537, 200_000])
  func whatWasCompressedComesBack(count: Int) throws {
    let text = String(repeating: "a", count: count - 1) + "b"
    #expect(try Gunzip.decompress(gzip(text), limit: count) == Array(text.utf8))
    #expect(throws: Gunzip.Failure.tooLarge) {
      try Gunzip.decompress(gzip(text), limit: count - 1)
    }
  }

  @Test func severalMembersAreOneText() throws {
    let both = try gzip("one, ") + gzip("two")
    #expect(try Gunzip.decompress(both, limit: 100) == Array("one, two".utf8))
  }

  @Test func everyCutAndEveryRestIsNoticed() throws {
    let whole = try gzip("some text that is long enough")
    for count in 0..<whole.count {
      #expect(throws: Gunzip.Failure.broken) {
        try Gunzip.decompress(Array(whole[..<count]), limit: 100)
      }
    }
    for rest in [[0], Array("more".utf8), Array(whole[..<5])] as [[UInt8]] {
      #expect(throws: Gunzip.Failure.broken) { try Gunzip.decompress(whole + rest, limit: 100) }
    }
    var damaged = whole
    damaged[whole.count - 6] ^= 1
    #expect(throws: Gunzip.Failure.broken) { try Gunzip.decompress(damaged, limit: 100) }
  }

  @Test func aBombEndsAtTheLimit() throws {
    let bomb = try gzip(String(repeating: "\0", count: 50_000_000))
    #expect(bomb.count < 300_000)
    #expect(throws: Gunzip.Failure.tooLarge) { try Gunzip.decompress(bomb, limit: 8 << 20) }
  }
}
