import Glibc

/// Reads lines as they arrive, without waiting until a buffer is full.
struct LineReader {
  struct Line {
    var number: Int
    var bytes: [UInt8]

    var isBlank: Bool { bytes.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
  }

  private let descriptor: Int32
  private var rest: [UInt8] = []
  private var count = 0
  private var isAtEnd = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// The lines that have arrived whole, at least one; `nil` after the last.
  mutating func next() throws -> [Line]? {
    while !isAtEnd {
      let lines = splitLines()
      if !lines.isEmpty { return lines }
      try fill()
    }
    guard !rest.isEmpty else { return nil }
    defer { rest = [] }
    count += 1
    return [Line(number: count, bytes: rest)]
  }

  private mutating func splitLines() -> [Line] {
    var lines: [Line] = []
    var start = 0
    while let end = rest[start...].firstIndex(of: 0x0A) {
      count += 1
      lines.append(Line(number: count, bytes: Array(rest[start..<end])))
      start = end + 1
    }
    rest.removeFirst(start)
    return lines
  }

  private mutating func fill() throws {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let length = read(descriptor, &buffer, buffer.count)
    if length < 0, errno == EINTR { return }
    guard length >= 0 else {
      throw FailedCommand(message: "standard input: \(String(cString: strerror(errno)))")
    }
    isAtEnd = length == 0
    rest += buffer[..<max(length, 0)]
  }
}
