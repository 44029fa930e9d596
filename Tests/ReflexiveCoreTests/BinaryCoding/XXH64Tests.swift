import ReflexiveCore
import Testing

struct XXH64Tests {
  /// The buffer of xxHash's own sanity check, and the hashes that it expects.
  @Test(
    arguments: [
      (0, 0, 0xEF46_DB37_51D8_E999), (0, prime, 0xAC75_FDA2_929B_17EF),
      (1, 0, 0xE934_A84A_DB05_2768), (1, prime, 0x5014_6076_43A9_B4C3),
      (4, 0, 0x9136_A0DC_A574_57EE), (14, 0, 0x8282_DCC4_994E_35C8),
      (14, prime, 0xC3BD_6BF6_3DEB_6DF0), (222, 0, 0xB641_AE8C_B691_C174),
      (222, prime, 0x20CB_8AB7_AE10_C14A),
    ] as [(Int, UInt64, UInt64)])
  func theVectorsOfXXHashHold(count: Int, seed: UInt64, expected: UInt64) {
    var state = Self.prime
    let bytes = (0..<count).map { _ in
      defer { state &*= Self.step }
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    #expect(XXH64.hash(bytes.span, seed: seed) == expected)
  }

  /// `xxh64sum` prints these.
  @Test(
    arguments: [
      ("a", 0xD24E_C4F1_A98C_6E5B), ("abc", 0x44BC_2CF5_AD77_0999),
      ("asdf", 0x4158_72F5_99CE_A71E),
      (
        "Call me Ishmael. Some years ago--never mind how long precisely-", 0x02A2_E854_70D6_FD96
      ),
    ] as [(String, UInt64)])
  func textsHaveTheHashesThatOtherToolsPrint(text: String, expected: UInt64) {
    #expect(XXH64.hash(Array(text.utf8).span) == expected)
  }

  private static let prime: UInt64 = 2_654_435_761
  private static let step: UInt64 = 11_400_714_785_074_694_797
}
