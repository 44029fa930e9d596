/// How a mock of the QSR service behaves.
package enum QSRScenario: String, CaseIterable, Sendable {
  /// The same good score every time.
  case steady
  /// Low scores from the first answer on.
  case drop
  /// Scores that fall slowly, by at most 0.002 per answer.
  case drift
  /// 20 good answers, 20 bad ones, and so on.
  case flap
  /// Four of ten answers are failures of the service.
  case errors
  /// Each answer takes a second.
  case slow
  /// Answers of status 200 that no client may take.
  case garbage
}

/// One answer of the mock.
struct QSRAnswer: Hashable, Sendable {
  var status = 200
  /// In seconds.
  var retryAfter: Int?
  var body: String
  /// The delay before it is sent.
  var delay = Duration.zero
}

/// The answers of a scenario, one after the other. They depend on the scenario, the seed and the
/// number of answers before, never on the clock.
struct QSRAnswers: Sendable {
  private static let goodOnes = 20
  private static let badOnes = 20

  let scenario: QSRScenario
  private var random: SplitMix64
  private var count = 0
  private var drifting = 9000
  /// The failing ones among the next ten answers.
  private var failing: Set<Int> = []

  init(_ scenario: QSRScenario, seed: UInt64) {
    self.scenario = scenario
    random = SplitMix64(state: seed)
  }

  mutating func next() -> QSRAnswer {
    defer { count += 1 }
    switch scenario {
    case .steady: return Self.steady
    case .slow:
      var answer = Self.steady
      answer.delay = .seconds(1)
      return answer
    case .drop: return score(in: 2000...5500, consistency: 9300...9900)
    case .drift:
      // A step below 0.002, so that the difference of two doubles is below it, too.
      drifting = max(3000, drifting - Int.random(in: 5...19, using: &random))
      return score(in: drifting...drifting, consistency: 9300...9900)
    case .flap:
      let isGood = count % (Self.goodOnes + Self.badOnes) < Self.goodOnes
      return isGood
        ? score(in: 7500...9500, consistency: 9300...9900)
        : score(in: 2000...5500, consistency: 5000...8500)
    case .errors: return failure() ?? score(in: 7000...9000, consistency: 9300...9900)
    case .garbage: return QSRAnswer(body: Self.garbage.randomElement(using: &random) ?? "")
    }
  }

  private static let steady = QSRAnswer(
    body: body(quality: 0.78, consistency: 0.97, confidence: 0.85, calibrationNeeded: false))

  private static let garbage = [
    "", "null", "[]", "0.78", "{}", "<html><body>502 Bad Gateway</body></html>",
    #"{"quality_score": null}"#, #"{"quality_score": "0.78"}"#, #"{"quality_score": true}"#,
    #"{"quality_score": NaN}"#, #"{"quality_score": 1e999}"#, #"{"quality_score": 78}"#,
    #"{"quality_score": -0.1}"#, #"{"quality_score": 0.78"#, #"{"score": 0.78}"#,
    #"{'quality_score': 0.78}"#, "\u{0}\u{1}\u{2}",
  ]

  /// Ranges are in ten-thousandths.
  private mutating func score(
    in quality: ClosedRange<Int>, consistency: ClosedRange<Int>
  ) -> QSRAnswer {
    let quality = Double(Int.random(in: quality, using: &random)) / 10_000
    let consistency = Double(Int.random(in: consistency, using: &random)) / 10_000
    let confidence = Double(Int.random(in: 7000...9500, using: &random)) / 10_000
    return QSRAnswer(
      body: Self.body(
        quality: quality, consistency: consistency, confidence: confidence,
        calibrationNeeded: quality < 0.5))
  }

  private static func body(
    quality: Double, consistency: Double, confidence: Double, calibrationNeeded: Bool
  ) -> String {
    """
    {"quality_score": \(quality), "consistency": \(consistency), "confidence": \(confidence), \
    "calibration_needed": \(calibrationNeeded)}
    """
  }

  /// - Returns: `nil` if the answer does not fail.
  private mutating func failure() -> QSRAnswer? {
    if count.isMultiple(of: 10) { failing = Set((0..<10).shuffled(using: &random).prefix(4)) }
    guard failing.contains(count % 10) else { return nil }
    let status = [429, 500, 502, 503, 504].randomElement(using: &random) ?? 500
    return QSRAnswer(
      status: status, retryAfter: status == 429 ? Int.random(in: 1...3, using: &random) : nil,
      body: #"{"error": "the scenario asks for a failure"}"#)
  }
}
