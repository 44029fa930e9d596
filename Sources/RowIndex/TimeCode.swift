import ReflexiveCore

/// The coding of the times of one block, in the order of the times.
///
/// Times are counted in steps from the block's earliest: in microseconds, milliseconds or seconds,
/// whichever is the finest that fits into 32 bits. A time on a step has a code of its own, so
/// comparisons with it are certain. Times that are too far apart are kept unchanged.
enum TimeCode: Hashable {
  /// `perSecond` steps per second, beginning with step `origin` since 1970.
  case steps(perSecond: Int64, origin: Int64)
  case whole

  static let absent: UInt64 = 0

  private static let resolutions: [Int64] = [1_000_000, 1000, 1]
  /// The number of distinct steps. Each has two codes, and 0 stands for no time.
  private static let stepLimit: Int64 = (1 << 31) - 2
  /// Larger numbers of steps are not exact doubles.
  private static let exactLimit = 9e15

  /// Chooses the finest coding for the times between these.
  init(from earliest: Double, to latest: Double) {
    for perSecond in Self.resolutions {
      let scale = Double(perSecond)
      guard abs(earliest) * scale < Self.exactLimit, abs(latest) * scale < Self.exactLimit else {
        continue
      }
      let origin = Self.step(of: earliest, perSecond).index
      guard Self.step(of: latest, perSecond).index - origin < Self.stepLimit else { continue }
      self = .steps(perSecond: perSecond, origin: origin)
      return
    }
    self = .whole
  }

  /// - Parameter time: one of the times for which this coding was made.
  func code(of time: Double) -> UInt64 {
    switch self {
    case .steps(let perSecond, let origin):
      let (index, isExact) = Self.step(of: time, perSecond)
      return UInt64(index - origin) * 2 + (isExact ? 1 : 2)
    case .whole: return Self.orderedBits(time)
    }
  }

  /// The codes of the times after `start`.
  func codes(after start: Double) -> CodeMatch {
    let (code, isExact) = position(of: start)
    let certain = code + 1...UInt64.max
    return CodeMatch(possible: isExact ? certain : max(code, 1)...UInt64.max, certain: certain)
  }

  /// The codes of the times up to and including `end`.
  func codes(through end: Double) -> CodeMatch {
    let (code, isExact) = position(of: end)
    guard code > 0 else { return .none }
    if isExact { return CodeMatch(1...code) }
    return CodeMatch(possible: 1...code, certain: code > 1 ? 1...code - 1 : nil)
  }

  /// The code for any time, and whether all times with this code are the same.
  private func position(of time: Double) -> (code: UInt64, isExact: Bool) {
    guard case .steps(let perSecond, let origin) = self else {
      return (Self.orderedBits(time), true)
    }
    guard abs(time) * Double(perSecond) < Self.exactLimit else {
      return (time < 0 ? 0 : 1 << 40, true)
    }
    let (index, isExact) = Self.step(of: time, perSecond)
    guard index >= origin else { return (0, true) }
    return (UInt64(index - origin) * 2 + (isExact ? 1 : 2), isExact)
  }

  /// The last step that is not after `time`, and whether it equals `time`.
  private static func step(of time: Double, _ perSecond: Int64) -> (index: Int64, isExact: Bool) {
    let scale = Double(perSecond)
    var index = Int64(time * scale)
    var value = Double(index) / scale
    if value == time { return (index, true) }
    // Rounding may lead one step too far, and a negative number is truncated toward zero.
    while value > time {
      index -= 1
      value = Double(index) / scale
    }
    while true {
      let next = Double(index + 1) / scale
      guard next <= time else { return (index, value == time) }
      (index, value) = (index + 1, next)
    }
  }

  /// The bits of a finite double as a number above 0, in the order of the doubles.
  private static func orderedBits(_ time: Double) -> UInt64 {
    let bits = (time + 0).bitPattern
    return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
  }
}

extension TimeCode: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    switch self {
    case .steps(let perSecond, let origin):
      writer.write(perSecond)
      writer.write(origin)
    case .whole:
      writer.write(Int64(0))
      writer.write(Int64(0))
    }
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    let perSecond = try reader.read(Int64.self)
    let origin = try reader.read(Int64.self)
    try reader.expect(
      perSecond == 0 && origin == 0
        || Self.resolutions.contains(perSecond) && abs(Double(origin)) < Self.exactLimit)
    self = perSecond == 0 ? .whole : .steps(perSecond: perSecond, origin: origin)
  }
}
