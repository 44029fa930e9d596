/// One YAML document as a tree.
///
/// Aliases are resolved; tags and merge keys are not supported. The size of the tree is bounded, so
/// that a file of a few lines cannot fill the memory with aliases of aliases.
struct YAMLDocument: Equatable, Sendable {
  /// `nil` for an empty file, or a file with nothing but comments.
  let root: YAMLNode?

  /// - Parameter bytes: UTF-8, or UTF-16 with a byte order mark.
  init(bytes: [UInt8]) throws(YAMLError) {
    guard !bytes.isEmpty else {
      root = nil
      return
    }
    root = try bytes.withUnsafeBufferPointer { (input) throws(YAMLError) in
      let events = try YAMLEventReader(input)
      var composer = YAMLComposer()
      while !composer.isFinished {
        try composer.apply(events.next())
      }
      return composer.root
    }
  }
}
