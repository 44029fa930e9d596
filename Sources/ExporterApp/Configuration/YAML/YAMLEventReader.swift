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
    if let context = state.context.map({ String(cString: $0) }) {
      problem += " (\(context)"
      let start = YAMLPlace(state.context_mark)
      problem += start.line == YAMLPlace(state.problem_mark).line ? ")" : " of line \(start.line))"
    }
    return YAMLError(place: YAMLPlace(state.problem_mark), problem: problem)
  }

  /// libyaml gives a byte's offset, not its place, where it cannot decode the text.
  private func place(ofByte offset: Int) -> YAMLPlace {
    let before = input.prefix(max(0, offset))
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? before.startIndex
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return YAMLPlace(line: line, column: column)
  }
}
