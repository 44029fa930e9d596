/// Holds values ahead of the clock, in order of time, until the clock reaches them.
///
/// The clocks of writers and of this machine differ little, so few values wait. Above ``limit``,
/// the two closest are merged at the later of their times. So memory stays bounded, and nothing
/// counts before its time.
struct FutureBuffer<Content: Aggregate>: Sendable {
  fileprivate struct Entry: Sendable {
    /// The earliest and the latest time of the merged values.
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

  /// Removes the values at or before `time` and passes them to `body` in order of time.
  mutating func release(through time: UnixTime, _ body: (UnixTime, Content) -> Void) {
    guard let first = entries.first, first.time <= time else { return }
    let end = entries.firstIndex { $0.time > time } ?? entries.endIndex
    for entry in entries[..<end] { body(entry.time, entry.content) }
    entries.removeSubrange(..<end)
  }

  /// Passes the values at or before `time` to `body` and keeps them.
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

  /// The seconds that the entry at `index` would span if it were merged with the next one.
  private func span(from index: Int) -> Double {
    entries[index + 1].time.since(entries[index].start)
  }
}

/// An aggregate of evidence times. It leaves out times more than ``Rejection/futureTolerance``
/// ahead of the clock until the clock comes that near.
struct TimeAggregate<Content: Aggregate>: Sendable {
  private var current: Content?
  private var future = FutureBuffer<Content>()

  mutating func add(_ content: Content, at time: UnixTime, now: UnixTime) {
    let horizon = now.advanced(by: Rejection.futureTolerance)
    if !future.isEmpty { release(through: horizon) }
    if time <= horizon { merge(content) } else { future.hold(content, until: time) }
  }

  func value(at now: UnixTime) -> Content? {
    var value = current
    future.forEach(through: now.advanced(by: Rejection.futureTolerance)) { _, content in
      if value == nil { value = content } else { value?.merge(content) }
    }
    return value
  }

  private mutating func release(through horizon: UnixTime) {
    var released: [Content] = []
    future.release(through: horizon) { _, content in released.append(content) }
    for content in released { merge(content) }
  }

  private mutating func merge(_ content: Content) {
    if current == nil { current = content } else { current?.merge(content) }
  }
}

extension FutureBuffer: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&entries)
  }
}

extension FutureBuffer.Entry: BinaryFields {
  static var blank: Self { Self(start: .epoch, time: .epoch, content: .blank) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&start)
    try coder.code(&time)
    try coder.code(&content)
  }
}

extension TimeAggregate: BinaryFields {
  static var blank: Self { Self() }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&current)
    try coder.code(&future)
  }
}
