/// The known fields of a payload as they stand in it: not scaled, unescaped or validated.
package struct Payload: Hashable, Sendable {
  /// Only ``EvidenceValidator`` uses it. For a row in a table, the column `event` counts.
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

  /// A field that should be a number. JSON `null` counts as absent.
  package enum Number: Hashable, Sendable {
    case absent
    /// Finite, and never a negative zero.
    case finite(Double)
    /// `NaN`, `Infinity`, `-Infinity`, or a number that overflows a double.
    case nonFinite
    case wrongType
  }

  /// A field that should be true or false.
  package enum Flag: Hashable, Sendable {
    case absent
    case value(Bool)
    case wrongType
  }

  /// A field that should be a string or a time.
  package enum Text: Hashable, Sendable {
    case absent
    /// The bytes between the quotes, and whether there is an escape among them.
    case string(ByteRange, isEscaped: Bool)
    /// A finite number, which can be a time but not a name.
    case number(Double)
    case other
  }

  /// The object `self_assessment`.
  package struct Assessment: Hashable, Sendable {
    /// Whether it is present, but neither an object nor `null`.
    package var isWrongType = false
    package var consistency = Number.absent
    package var confidence = Number.absent
    /// `calibration_needed`.
    package var calibrationNeeded = Flag.absent

    package init() {}
  }
}
