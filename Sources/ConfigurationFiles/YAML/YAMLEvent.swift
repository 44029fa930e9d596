import CYAML

/// An event of libyaml's parser, copied out of its memory.
struct YAMLEvent {
  enum Kind {
    case scalar(String, isPlain: Bool)
    case alias(String)
    case sequenceStart
    case mappingStart
    case collectionEnd
    case documentStart
    case streamEnd
    case other
  }

  var kind: Kind
  var place: SourceLocation
  var anchor: String?
  var tag: String?

  init(_ event: yaml_event_t) {
    place = SourceLocation(event.start_mark)
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
      kind = .scalar(String(decoding: text, as: UTF8.self), isPlain: isPlain)
      anchor = scalar.anchor.map { String(cString: $0) }
      tag = scalar.tag.map { String(cString: $0) }
    case YAML_ALIAS_EVENT:
      kind = .alias(event.data.alias.anchor.map { String(cString: $0) } ?? "")
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequenceStart
      anchor = event.data.sequence_start.anchor.map { String(cString: $0) }
      tag = event.data.sequence_start.tag.map { String(cString: $0) }
    case YAML_MAPPING_START_EVENT:
      kind = .mappingStart
      anchor = event.data.mapping_start.anchor.map { String(cString: $0) }
      tag = event.data.mapping_start.tag.map { String(cString: $0) }
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: kind = .collectionEnd
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    default: kind = .other
    }
  }
}

extension SourceLocation {
  init(_ mark: yaml_mark_t) {
    self.init(line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }
}
