/// The fields of a payload that can be used, as they stand there: nothing is scaled, decoded or
/// judged yet.
package struct Payload: Hashable, Sendable {
  /// Said again by the column, which counts; for those who have no column yet.
  package var event = Text.absent
  package var agent = Text.absent
  package var gate = Text.absent
  package var timestamp = Text.absent
  /// `output_quality`.
  package var quality = Number.absent
  /// `current_threshold`.
  package var threshold = Number.absent
  /// `rmm_score`.
  package var maturity = Number.absent
  /// `self_assessment`.
  package var assessment = Assessment()

  package init() {}

  /// What stands where a number is wanted. A JSON `null` is the same as nothing.
  package enum Number: Hashable, Sendable {
    case absent
    /// Finite, and never a negative zero.
    case finite(Double)
    /// `NaN`, `Infinity`, `-Infinity`, or a number that overflows a double.
    case nonFinite
    case wrongType
  }

  /// What stands where a boolean is wanted.
  package enum Flag: Hashable, Sendable {
    case absent
    case value(Bool)
    case wrongType
  }

  /// What stands where a string, or a time, is wanted.
  package enum Text: Hashable, Sendable {
    case absent
    /// The bytes between the quotes, and whether there is an escape among them.
    case string(ByteRange, isEscaped: Bool)
    /// A finite number: no name, but it can be a time.
    case number(Double)
    case other
  }

  /// The object `self_assessment`.
  package struct Assessment: Hashable, Sendable {
    /// It is there, but neither an object nor `null`.
    package var isWrongType = false
    package var consistency = Number.absent
    package var confidence = Number.absent
    /// `calibration_needed`.
    package var calibrationNeeded = Flag.absent

    package init() {}
  }
}
