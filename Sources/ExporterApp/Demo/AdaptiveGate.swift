/// A quality gate with an adaptive threshold: a score below the threshold pulls it down, as a
/// moving average. No score raises it again, only ``recalibrate(to:)`` does.
struct AdaptiveGate: Sendable {
  let name: String
  private(set) var threshold: Double

  /// - Returns: whether calibration was needed.
  mutating func evaluate(_ score: Double) -> Bool {
    guard score < threshold else { return false }
    threshold = 0.7 * threshold + 0.3 * score
    return true
  }

  /// The owner of the gate sets its threshold anew.
  mutating func recalibrate(to threshold: Double) { self.threshold = threshold }
}
