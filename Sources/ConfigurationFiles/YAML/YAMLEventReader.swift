import CYAML

/// libyaml's parser over a text in memory, one event at a time.
struct YAMLEventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeBufferPointer<UInt8>

  /// - Parameter input: not empty, and valid for the life of the reader.
  init(_ input: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
    // On the heap: libyaml keeps a pointer from the parser to itself.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw YAMLError(place: .start, problem: "out of memory")
    }
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    self.parser = parser
    self.input = input
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  func next() throws(YAMLError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event)
  }

  private func failure() -> YAMLError {
    let state = parser.pointee
    var problem = state.problem.map { String(cString: $0) } ?? "out of memory"
    if state.error == YAML_READER_ERROR {
      return YAMLError(place: place(ofByte: state.problem_offset), problem: problem)
    }
    var place = SourceLocation(state.problem_mark)
    // libyaml adds a missing line end after the last line, and then reports the line after it.
    let end = self.place(ofByte: input.count)
    if place.line > end.line { place = end }
    if let context = state.context.map({ String(cString: $0) }) {
      problem += " (\(context)"
      let start = SourceLocation(state.context_mark)
      problem += start.line == place.line ? ")" : " of line \(start.line))"
    }
    return YAMLError(place: place, problem: problem)
  }

  /// The place of a byte. If libyaml cannot decode the text, it reports an offset instead of a
  /// line.
  private func place(ofByte offset: Int) -> SourceLocation {
    let before = String(decoding: input.prefix(max(0, offset)), as: UTF8.self)
    var place = SourceLocation.start
    var previous: Unicode.Scalar?
    for scalar in before.unicodeScalars {
      switch scalar {
      case "\n" where previous == "\r": break
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        place = SourceLocation(line: place.line + 1, column: 1)
      default: place.column += 1
      }
      previous = scalar
    }
    return place
  }
}
