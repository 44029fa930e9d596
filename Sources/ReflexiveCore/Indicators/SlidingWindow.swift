/// A summary of what lies in (now - length, now], in memory that does not grow with the rows.
///
/// Evidence times fall into buckets of 1/128 of the window; a bucket belongs to the window if its
/// middle does, so the old edge is off by at most 1/256 of the window. The new edge is exact: what
/// is ahead of the clock is held back until the clock gets there.
///
/// Buckets are let go by their number, never by the clock, so a clock that steps to and fro
/// loses nothing.
struct SlidingWindow<Content: Aggregate>: Sendable {
  fileprivate struct Bucket: Sendable {
    /// Evidence time divided by the bucket's width, rounded down. A double, because a row may say
    /// any time.
    var index: Double
    var content: Content
  }

  private static var bucketsPerWindow: Int { 128 }
  /// As many as can lie in one window, with the ones at both edges.
  private static var keptBuckets: Int { bucketsPerWindow + 2 }

  let length: Double
  private let width: Double
  /// The last of the buckets, which most rows belong to; `nil` only before the first row.
  private var newest: Bucket?
  /// All others, in the order of time.
  private var buckets: [Bucket] = []
  /// What was in the buckets let go: all of it older than any window that can still be asked for.
  private var past: Content?
  private var ahead = FutureBuffer<Content>()

  init(length: Double) {
    self.length = length
    width = length / Double(Self.bucketsPerWindow)
  }

  mutating func add(_ content: Content, at time: UnixTime, now: UnixTime) {
    if !ahead.isEmpty { advance(to: now) }
    if time <= now { insert(content, at: time) } else { ahead.hold(content, until: time) }
  }

  /// What lies in (now - length, now]; `nil` where nothing does.
  func content(at now: UnixTime) -> Content? {
    let edge = now.advanced(by: -length)
    var sum: Content?
    func take(_ bucket: Bucket) -> Bool {
      if middle(of: bucket) <= edge.seconds { return false }
      if bucket.index * width <= now.seconds { Self.merge(bucket.content, into: &sum) }
      return true
    }
    if let newest, take(newest) {
      for bucket in buckets.reversed() where !take(bucket) { break }
    }
    ahead.forEach(through: now) { time, content in
      if time > edge { Self.merge(content, into: &sum) }
    }
    return sum
  }

  /// What lies at or before now - length; `nil` where nothing does.
  func contentBefore(_ now: UnixTime) -> Content? {
    let edge = now.advanced(by: -length)
    var sum = past
    for bucket in buckets {
      if middle(of: bucket) > edge.seconds { break }
      Self.merge(bucket.content, into: &sum)
    }
    if let newest, middle(of: newest) <= edge.seconds { Self.merge(newest.content, into: &sum) }
    ahead.forEach(through: edge) { _, content in Self.merge(content, into: &sum) }
    return sum
  }

  private func middle(of bucket: Bucket) -> Double { (bucket.index + 0.5) * width }

  private mutating func advance(to now: UnixTime) {
    var released: [(UnixTime, Content)] = []
    ahead.release(through: now) { time, content in released.append((time, content)) }
    for (time, content) in released { insert(content, at: time) }
  }

  @inline(__always)
  private mutating func insert(_ content: Content, at time: UnixTime) {
    // Most rows lie in the bucket of the row before: that is told without a division.
    if let index = newest?.index, time.seconds >= index * width,
      time.seconds < (index + 1) * width
    {
      newest?.content.merge(content)
    } else {
      insertElsewhere(content, at: time)
    }
  }

  @inline(never)
  private mutating func insertElsewhere(_ content: Content, at time: UnixTime) {
    let bucket = Bucket(index: (time.seconds / width).rounded(.down), content: content)
    guard let last = newest else {
      newest = bucket
      return
    }
    if bucket.index > last.index {
      newest = bucket
      insert(last, at: buckets.count)
    } else if bucket.index == last.index {
      newest?.content.merge(content)
    } else {
      insertAmongOlder(bucket)
    }
  }

  private mutating func insertAmongOlder(_ bucket: Bucket) {
    var position = buckets.count
    while position > 0, buckets[position - 1].index > bucket.index { position -= 1 }
    if position > 0, buckets[position - 1].index == bucket.index {
      buckets[position - 1].content.merge(bucket.content)
    } else if position == 0, buckets.count + 1 >= Self.keptBuckets {
      Self.merge(bucket.content, into: &past)
    } else {
      insert(bucket, at: position)
    }
  }

  private mutating func insert(_ bucket: Bucket, at position: Int) {
    buckets.insert(bucket, at: position)
    if buckets.count + 1 >= Self.keptBuckets + Self.bucketsPerWindow / 2 { letGo() }
  }

  private mutating func letGo() {
    let surplus = buckets.count + 1 - Self.keptBuckets
    for bucket in buckets[..<surplus] { Self.merge(bucket.content, into: &past) }
    buckets.removeFirst(surplus)
  }

  private static func merge(_ content: Content, into sum: inout Content?) {
    if sum == nil { sum = content } else { sum?.merge(content) }
  }
}

extension SlidingWindow: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(length)
    writer.write(buckets + (newest.map { [$0] } ?? []))
    writer.write(past)
    writer.write(ahead)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    self.init(length: try reader.read())
    buckets = try reader.read()
    newest = buckets.popLast()
    past = try reader.read()
    ahead = try reader.read()
  }
}

extension SlidingWindow.Bucket: BinaryCodable {
  func write(to writer: inout ByteWriter) {
    writer.write(index)
    writer.write(content)
  }

  init(from reader: inout ByteReader) throws(BinaryDecodingError) {
    index = try reader.read()
    content = try reader.read()
  }
}
