import LinuxSystem
import Testing

struct ByteSearchTests {
  @Test func theFirstInTheRangeIsFound() {
    let bytes: [UInt8] = [1, 0, 2, 1, 0]
    for start in 0...5 {
      for end in start...5 {
        for byte: UInt8 in 0...3 {
          #expect(
            ByteSearch.first(byte, in: bytes, start..<end)
              == bytes[start..<end].firstIndex(of: byte))
        }
      }
    }
    #expect(ByteSearch.first(0, in: [], 0..<0) == nil)
    #expect(ByteSearch.first(0, in: bytes, 4..<9) == nil)
  }
}
