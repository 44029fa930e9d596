import Glibc

/// Reads lines as they arrive, without waiting until a buffer is full. Memory is bounded whatever the
/// input is, because the rest of a line that is too long is dropped.
struct LineReader {
  struct Line {
    var number: Int
    /// The content. A line that is too long has one byte more than the limit.
    var bytes: [UInt8]

    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
  }

  private let descriptor: Int32
  private let limit: Int
  /// The part of an unfinished line that has arrived.
  private var open: [UInt8] = []
  private var hasOpenLine = false
  private var count = 0
  private var isAtEnd = false
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// - Parameter limit: the most bytes of a line.
  init(descriptor: Int32, limit: Int) {
    self.descriptor = descriptor
    self.limit = limit
  }

  /// Returns the lines that have arrived whole, at least one; `nil` after the last.
  mutating func next() throws -> [Line]? {
    while !isAtEnd {
      let lines = splitLines(length: try fill())
      if !lines.isEmpty { return lines }
    }
    return hasOpenLine ? [endLine()] : nil
  }

  private mutating func splitLines(length: Int) -> [Line] {
    var lines: [Line] = []
    var start = 0
    while let end = buffer[start..<length].firstIndex(of: 0x0A) {
      extend(with: start..<end)
      lines.append(endLine())
      start = end + 1
    }
    if start < length { extend(with: start..<length) }
    return lines
  }

  private mutating func extend(with range: Range<Int>) {
    hasOpenLine = true
    open += buffer[range].prefix(limit + 1 - open.count)
  }

  private mutating func endLine() -> Line {
    count += 1
    defer { (open, hasOpenLine) = ([], false) }
    return Line(number: count, bytes: open)
  }

  /// - Returns: the number of bytes in the buffer.
  private mutating func fill() throws -> Int {
    while true {
      let length = read(descriptor, &buffer, buffer.count)
      if length < 0, errno == EINTR { continue }
      guard length >= 0 else {
        throw FailedCommand(message: "standard input: \(String(cString: strerror(errno)))")
      }
      isAtEnd = length == 0
      return length
    }
  }
}
