/// A quality gate's threshold. Each score below it lowers it by a moving average. Nothing raises
/// it.
package struct AdaptiveThreshold: Hashable, Sendable {
  /// The threshold of a new gate.
  package static let start = 0.5

  package private(set) var value: Double

  package init(_ value: Double = start) { self.value = value }

  /// - Returns: whether calibration was needed.
  package mutating func judge(_ score: Double) -> Bool {
    guard score < value else { return false }
    value = 0.7 * value + 0.3 * score
    return true
  }
}
