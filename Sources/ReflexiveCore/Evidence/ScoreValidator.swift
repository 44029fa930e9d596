/// Tells which scores of one row can be used, and why the others cannot.
struct ScoreValidator {
  /// A score in this range but outside [0, 1] is off by rounding. It counts as 0 or 1.
  private static let tolerated = -1e-9...1.000000001

  /// A field of a payload. The raw value is its path.
  enum Field: String {
    case quality = "output_quality"
    case threshold = "current_threshold"
    case maturity = "rmm_score"
    case assessment = "self_assessment"
    case consistency = "self_assessment.consistency"
    case confidence = "self_assessment.confidence"
    case calibrationNeeded = "self_assessment.calibration_needed"
  }

  private let scale: Double
  private var wrongType: Field?
  private var nonFinite: Field?
  private var outOfRange: Field?

  /// - Parameter scale: what scores are divided by.
  init(scale: Double) { self.scale = scale }

  /// The reason that comes first in the order of ``Rejection``, and the first field that it is
  /// about.
  var fault: (rejection: Rejection, field: Field)? {
    if let wrongType { return (.wrongType, wrongType) }
    if let nonFinite { return (.nonFinite, nonFinite) }
    return outOfRange.map { (.outOfRange, $0) }
  }

  var rejection: Rejection? { fault?.rejection }

  /// The score in [0, 1]; `nil` if it is absent or cannot be used.
  mutating func score(_ number: Payload.Number, _ field: Field) -> Double? {
    switch number {
    case .absent: break
    case .wrongType: wrongTypeFound(field)
    case .nonFinite: nonFinite = nonFinite ?? field
    case .finite(let value):
      // A tiny negative number may become a negative zero; adding 0 makes it 0.
      let score = value / scale + 0
      if 0...1 ~= score { return score }
      if Self.tolerated ~= score { return min(max(score, 0), 1) }
      outOfRange = outOfRange ?? field
    }
    return nil
  }

  mutating func flag(_ flag: Payload.Flag, _ field: Field) -> Bool? {
    switch flag {
    case .absent: return nil
    case .value(let value): return value
    case .wrongType:
      wrongTypeFound(field)
      return nil
    }
  }

  mutating func wrongTypeFound(_ field: Field) { wrongType = wrongType ?? field }
}
