/// Values that lie ahead of the clock, in the order of their times, until it gets there.
///
/// Clocks of a writer and of this machine differ by little, so there are few. When there are more
/// than ``limit``, the two closest are taken together at the later of their times: memory stays
/// bounded, and nothing counts before its time.
struct FutureBuffer<Content: Aggregate>: Sendable {
  fileprivate struct Entry: Sendable {
    /// The earliest and the latest time of what was taken together.
    var start: UnixTime
    var time: UnixTime
    var content: Content
  }

  static var limit: Int { 128 }

  private var entries: [Entry] = []

  var isEmpty: Bool { entries.isEmpty }

  mutating func hold(_ content: Content, until time: UnixTime) {
    let position = entries.firstIndex { $0.time > time } ?? entries.endIndex
    entries.insert(Entry(start: time, time: time, content: content), at: position)
    if entries.count > Self.limit { mergeClosest() }
  }

  /// Takes out what lies at or before `time`, in the order of time.
  mutating func release(through time: UnixTime, _ body: (UnixTime, Content) -> Void) {
    guard let first = entries.first, first.time <= time else { return }
    let end = entries.firstIndex { $0.time > time } ?? entries.endIndex
    for entry in entries[..<end] { body(entry.time, entry.content) }
    entries.removeSubrange(..<end)
  }

  /// Looks at what lies at or before `time` and leaves it.
  func forEach(through time: UnixTime, _ body: (UnixTime, Content) -> Void) {
    for entry in entries {
      guard entry.time <= time else { return }
      body(entry.time, entry.content)
    }
  }

  private mutating func mergeClosest() {
    guard
      let first = entries.indices.dropLast().min(by: { span(from: $0) < span(from: $1) })
    else { return }
    entries[first].content.merge(entries[first + 1].content)
    entries[first].time = entries[first + 1].time
    entries.remove(at: first + 1)
  }

  /// How far apart what is taken together would lie.
  private func span(from index: Int) -> Double {
    entries[index + 1].time.since(entries[index].start)
  }
}

/// A summary over evidence times that leaves out rows far ahead of the clock for as long as they
/// are: more than ``Rejection/futureTolerance``.
struct TimeAggregate<Content: Aggregate>: Sendable {
  private var settled: Content?
  private var ahead = FutureBuffer<Content>()

  mutating func add(_ content: Content, at time: UnixTime, now: UnixTime) {
    let horizon = now.advanced(by: Rejection.futureTolerance)
    if !ahead.isEmpty { release(through: horizon) }
    if time <= horizon { settle(content) } else { ahead.hold(content, until: time) }
  }

  func value(at now: UnixTime) -> Content? {
    var value = settled
    ahead.forEach(through: now.advanced(by: Rejection.futureTolerance)) { _, content in
      if value == nil { value = content } else { value?.merge(content) }
    }
    return value
  }

  private mutating func release(through horizon: UnixTime) {
    var released: [Content] = []
    ahead.release(through: horizon) { _, content in released.append(content) }
    for content in released { settle(content) }
  }

  private mutating func settle(_ content: Content) {
    if settled == nil { settled = content } else { settled?.merge(content) }
  }
}

extension FutureBuffer: BinaryCodable {
  func write(to writer: inout ByteWriter) { writer.write(entries) }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) { entries = try reader.read() }
}

extension FutureBuffer.Entry: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(start)
    writer.write(time)
    writer.write(content)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    start = try reader.read()
    time = try reader.read()
    content = try reader.read()
  }
}

extension TimeAggregate: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(settled)
    writer.write(ahead)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    settled = try reader.read()
    ahead = try reader.read()
  }
}
