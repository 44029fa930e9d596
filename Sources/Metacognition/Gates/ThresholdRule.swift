import ReflexiveCore

/// The rule by which scores move a gate's threshold. It has to be a pure function.
public protocol ThresholdRule: Sendable {
  /// Decides on one score.
  func decide(_ score: Double, threshold: Double) -> ThresholdDecision
}

/// A rule's decision on one score.
public struct ThresholdDecision: Hashable, Sendable {
  /// Whether the score is too low for the threshold.
  public var calibrationNeeded: Bool
  /// The threshold from now on.
  public var threshold: Double

  /// Creates a decision from values.
  public init(calibrationNeeded: Bool, threshold: Double) {
    self.calibrationNeeded = calibrationNeeded
    self.threshold = threshold
  }
}

/// The default rule: a score below the threshold needs calibration, and the threshold becomes 0.7
/// times itself plus 0.3 times the score. Nothing raises it.
public struct AdaptiveRule: ThresholdRule {
  /// Creates the default rule.
  public init() {}

  /// Decides on one score.
  public func decide(_ score: Double, threshold: Double) -> ThresholdDecision {
    var adaptive = AdaptiveThreshold(threshold)
    let needed = adaptive.judge(score)
    return ThresholdDecision(calibrationNeeded: needed, threshold: adaptive.value)
  }
}
