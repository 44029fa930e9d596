import ReflexiveCore
import Testing

struct BucketSearchTests {
  @Test(arguments: [(-1, 0), (0.1, 0), (0.10001, 1), (1, 1), (1.5, 2), (.infinity, 2), (.nan, 2)])
  func aValueEqualToABoundLiesBelowIt(value: Double, index: Int) {
    #expect([0.1, 1].bucket(of: value) == index)
  }
}
