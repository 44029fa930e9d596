import Testing

@testable import ReflexiveCore

struct GoldenDropsTests {
  @Test func everyStateIsEqualToTheLastBit() throws {
    var compared = 0
    for stream in try GoldenStream.all() {
      var watch = stream.watch
      var states = stream.states[...]
      for row in stream.scores.indices {
        stream.apply(row: row, to: &watch)
        guard let step = states.first, step.row == row else { continue }
        states.removeFirst()
        try #require(GoldenState(watch) == step.state, "\(stream.name), row \(row)")
        compared += 1
      }
      #expect(states.isEmpty)
    }
    #expect(compared == 210)
  }

  /// At every row of every stream, cut there and gone on with.
  @Test func goingOnFromBytesIsTheSameAsHavingGoneOn() throws {
    for stream in try GoldenStream.all() {
      var whole = stream.watch
      var cut = stream.watch
      for row in stream.scores.indices {
        stream.apply(row: row, to: &whole)
        stream.apply(row: row, to: &cut)
        if row % 7 == 0 || row < 40 { cut = try cut.readBack() }
      }
      #expect(cut.bytes == whole.bytes && cut == whole, "\(stream.name)")
    }
  }

  @Test func aWatchTakesAtMostAKibibyte() throws {
    for stream in try GoldenStream.all() {
      var watch = stream.watch
      for row in stream.scores.indices { stream.apply(row: row, to: &watch) }
      #expect(watch.bytes.count <= 1024)
    }
  }
}

extension DropWatch {
  fileprivate var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(self)
    return writer.bytes
  }

  fileprivate func readBack() throws(BinaryDecodingError) -> DropWatch {
    var reader = ByteReader(bytes[...])
    let watch: DropWatch = try reader.read()
    try reader.expectEnd()
    return watch
  }
}
