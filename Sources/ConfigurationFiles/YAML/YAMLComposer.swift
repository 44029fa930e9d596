/// Builds a tree from events, without recursion.
struct YAMLComposer {
  /// The most nodes. A node counts again for each alias that repeats it.
  static let maximumNodes = 100_000
  static let maximumDepth = 64

  private(set) var root: YAMLNode?
  private(set) var isFinished = false

  private var hasDocument = false
  private var open: [OpenCollection] = []
  private var anchors: [String: (node: YAMLNode, size: Int)] = [:]
  private var nodes = 0

  mutating func apply(_ event: YAMLEvent) throws(YAMLError) {
    if let tag = event.tag {
      throw YAMLError(place: event.place, problem: "the tag \(quoted(tag)) is not supported")
    }
    switch event.kind {
    case .scalar(let text, let isPlain):
      try count(1, at: event.place)
      let node = YAMLNode(content: .scalar(text, isPlain: isPlain), place: event.place)
      try add(node, anchor: event.anchor, size: 1)
    case .alias(let name):
      try addAlias(of: name, at: event.place)
    case .sequenceStart, .mappingStart:
      try openCollection(event)
    case .collectionEnd:
      guard let collection = open.popLast() else { break }
      let size = nodes - collection.nodesBefore
      try add(collection.node, anchor: collection.anchor, size: size)
    case .documentStart:
      guard !hasDocument else {
        throw YAMLError(place: event.place, problem: "a second document begins here")
      }
      hasDocument = true
    case .streamEnd:
      isFinished = true
    case .other:
      break
    }
  }

  private mutating func openCollection(_ event: YAMLEvent) throws(YAMLError) {
    guard open.count < Self.maximumDepth else {
      throw YAMLError(
        place: event.place, problem: "nested deeper than \(Self.maximumDepth) levels")
    }
    var collection = OpenCollection(place: event.place, anchor: event.anchor, nodesBefore: nodes)
    if case .mappingStart = event.kind { collection.isMapping = true }
    try count(1, at: event.place)
    open.append(collection)
  }

  private mutating func addAlias(of name: String, at place: SourceLocation) throws(YAMLError) {
    // An anchor is known only after the end of its node, so no node can contain itself.
    guard var anchored = anchors[name] else {
      throw YAMLError(
        place: place, problem: "the alias \(quoted("*" + name)) has no anchor above it")
    }
    anchored.node.place = place
    try count(anchored.size, at: place)
    try add(anchored.node, anchor: nil, size: anchored.size)
  }

  private mutating func add(
    _ node: YAMLNode, anchor: String?, size: Int
  ) throws(YAMLError) {
    if let anchor { anchors[anchor] = (node, size) }
    if open.isEmpty {
      root = node
    } else {
      try open[open.count - 1].add(node)
    }
  }

  private mutating func count(_ size: Int, at place: SourceLocation) throws(YAMLError) {
    nodes += size
    guard nodes <= Self.maximumNodes else {
      throw YAMLError(
        place: place,
        problem: "more than \(Self.maximumNodes) values, counting those that aliases repeat")
    }
  }
}

/// A sequence or mapping whose end has not been read yet.
private struct OpenCollection {
  let place: SourceLocation
  let anchor: String?
  let nodesBefore: Int
  var isMapping = false

  private var items: [YAMLNode] = []
  private var entries: [YAMLEntry] = []
  private var key: (text: String, place: SourceLocation)?
  /// Keyed by bytes: to Swift, a composed and a decomposed `é` are the same text.
  private var placesOfKeys: [[UInt8]: SourceLocation] = [:]

  init(place: SourceLocation, anchor: String?, nodesBefore: Int) {
    self.place = place
    self.anchor = anchor
    self.nodesBefore = nodesBefore
  }

  var node: YAMLNode {
    YAMLNode(content: isMapping ? .mapping(entries) : .sequence(items), place: place)
  }

  mutating func add(_ node: YAMLNode) throws(YAMLError) {
    guard isMapping else { return items.append(node) }
    if let key {
      entries.append(YAMLEntry(key: key.text, place: key.place, value: node))
      self.key = nil
      return
    }
    guard case .scalar(let text, _) = node.content else {
      throw YAMLError(place: node.place, problem: "a key must be text, not a list or a mapping")
    }
    if let first = placesOfKeys.updateValue(node.place, forKey: Array(text.utf8)) {
      throw YAMLError(
        place: node.place,
        problem: "the key \(quoted(text)) is given twice, first on line \(first.line)")
    }
    key = (text, node.place)
  }
}
