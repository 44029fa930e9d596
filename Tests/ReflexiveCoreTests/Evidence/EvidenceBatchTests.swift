import ReflexiveCore
import Testing

@Suite struct EvidenceBatchTests {
  @Test func aLargeBatchFreesItsMemoryAfterACatchUpAndASmallOneKeepsIt() {
    var (large, small) = (EvidenceBatch(), EvidenceBatch())
    large.bytes = [UInt8](repeating: 0, count: 1 << 20)
    small.bytes = [UInt8](repeating: 0, count: 1000)
    large.removeAllAfterCatchUp()
    small.removeAllAfterCatchUp()
    #expect(large.bytes.isEmpty && large.bytes.capacity == 0)
    #expect(small.bytes.isEmpty && small.bytes.capacity >= 1000)
  }
}
