// Unused values are checked as strictly as used ones.
extension PayloadScanner {
  /// Skips the value that begins at ``next``.
  @inline(__always)
  mutating func skipValue() throws(Malformed) {
    switch next.pointee {
    case ASCII.openBrace, ASCII.openBracket: try skipContainer()
    default: try skipScalar()
    }
  }

  @inline(__always)
  private mutating func skipScalar() throws(Malformed) {
    switch next.pointee {
    case ASCII.quote: _ = try string()
    case ASCII.lowerT: try literal("true")
    case ASCII.lowerF: try literal("false")
    case ASCII.lowerN: try literal("null")
    case _ where isAtNumber: try skipNumber()
    default: throw Malformed()
    }
  }

  /// Skips the object or array that begins at ``next``.
  ///
  /// A stack with one bit per level, 1 for an object, replaces recursion.
  @inline(never)
  private mutating func skipContainer() throws(Malformed) {
    var objects = BitStack()
    let outside = depth
    var isObject = false
    while true {
      // `next` is at the beginning of a value.
      let first = next.pointee
      if first == ASCII.openBrace || first == ASCII.openBracket {
        guard depth < Self.depthLimit else { throw Malformed() }
        isObject = first == ASCII.openBrace
        objects[depth] = isObject
        depth += 1
        next += 1
        whitespace()
        if next.pointee != (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
          if isObject { _ = try memberKey() }
          continue
        }
      } else {
        try skipScalar()
        whitespace()
      }
      // `next` is after a value, or at the end of an empty container.
      while next.pointee != ASCII.comma {
        guard next.pointee == (isObject ? ASCII.closeBrace : ASCII.closeBracket) else {
          throw Malformed()
        }
        next += 1
        depth -= 1
        if depth == outside { return }
        isObject = objects[depth - 1]
        whitespace()
      }
      next += 1
      whitespace()
      if isObject { _ = try memberKey() }
    }
  }
}

/// One bit per level of nesting.
private struct BitStack {
  private var words = InlineArray<8, UInt64>(repeating: 0)

  subscript(level: Int) -> Bool {
    get { words[level >> 6] >> UInt64(level & 63) & 1 == 1 }
    set {
      let bit: UInt64 = 1 << UInt64(level & 63)
      if newValue { words[level >> 6] |= bit } else { words[level >> 6] &= ~bit }
    }
  }
}
