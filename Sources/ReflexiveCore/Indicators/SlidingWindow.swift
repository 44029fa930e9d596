/// Aggregates the values in (now - length, now], in memory that does not grow with the rows.
///
/// Evidence times fall into buckets of 1/128 of the window. A bucket belongs to the window if its
/// middle does, so the old edge is off by at most 1/256 of the window. The new edge is exact: a
/// ``FutureBuffer`` holds values that are ahead of the clock.
///
/// Old buckets are dropped when there are more than a window holds, never because of the clock. So
/// nothing is lost when the clock steps forward and back, unless a whole window of rows arrives in
/// between.
struct SlidingWindow<Content: Aggregate>: Sendable {
  fileprivate struct Bucket: Sendable {
    /// The evidence time divided by the bucket's width, rounded down. It is a double because a row
    /// may have any time.
    var index: Double
    var content: Content

    @inline(__always)
    mutating func change(_ body: (inout Content) -> Void) { body(&content) }
  }

  private static var bucketsPerWindow: Int { 128 }
  /// The number of buckets that a window can touch, including those at both edges.
  private static var keptBuckets: Int { bucketsPerWindow + 2 }

  private(set) var length: Double
  private var width: Double
  /// The newest bucket, to which most rows belong; `nil` only before the first row.
  private var newest: Bucket?
  /// All other buckets, in order of time.
  private var buckets: [Bucket] = []
  /// The content of the dropped buckets, all older than the window that ends in ``newest``.
  private var past: Content?
  private var future = FutureBuffer<Content>()
  /// The start of a window that does not slide.
  private let start: Window.Start?
  /// The content of a window that does not slide.
  private var sinceStart: Content?

  init(length: Double) {
    self.init(Window(label: "", length: length))
  }

  init(_ window: Window) {
    length = window.length
    start = window.start
    width = length / Double(Self.bucketsPerWindow)
  }

  /// Whether the window moves with the clock.
  var slides: Bool { start == nil }

  /// - Parameters:
  ///   - id: the id of the row with `content`.
  ///   - time: the evidence time; if it is `nil`, the row is in no window of time.
  @inline(__always)
  mutating func add(_ content: Content, of id: Int64, at time: UnixTime?, now: UnixTime) {
    if let start {
      add(content, of: id, at: time, from: start, now: now)
    } else if let time {
      add(content, at: time, now: now)
    }
  }

  /// Like ``add(_:of:at:now:)`` with the result of `change` on `empty`, but in place where
  /// possible.
  @inline(__always)
  mutating func update(
    _ empty: Content, of id: Int64, at time: UnixTime?, now: UnixTime,
    _ change: (inout Content) -> Void
  ) {
    if start == nil, let time, time <= now, future.isEmpty, let index = newest?.index,
      time.seconds >= index * width, time.seconds < (index + 1) * width
    {
      newest?.change(change)
    } else {
      var content = empty
      change(&content)
      add(content, of: id, at: time, now: now)
    }
  }

  mutating func add(_ content: Content, at time: UnixTime, now: UnixTime) {
    if !future.isEmpty { advance(to: now) }
    if time <= now { insert(content, at: time) } else { future.hold(content, until: time) }
  }

  /// The content of (now - length, now]; `nil` if there is none.
  func content(at now: UnixTime) -> Content? {
    if start != nil { return sinceStart }
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
    future.forEach(through: now) { time, content in
      if time > edge { Self.merge(content, into: &sum) }
    }
    return sum
  }

  /// The content at or before now - length; `nil` if there is none.
  func contentBefore(_ now: UnixTime) -> Content? {
    if start != nil { return past }
    let edge = now.advanced(by: -length)
    var sum = past
    for bucket in buckets {
      if middle(of: bucket) > edge.seconds { break }
      Self.merge(bucket.content, into: &sum)
    }
    if let newest, middle(of: newest) <= edge.seconds { Self.merge(newest.content, into: &sum) }
    future.forEach(through: edge) { _, content in Self.merge(content, into: &sum) }
    return sum
  }

  /// The content of each bucket in (now - length, now], in order of time; empty for a window that
  /// does not slide.
  func pieces(at now: UnixTime) -> [(start: UnixTime, content: Content)] {
    guard slides else { return [] }
    let edge = now.advanced(by: -length)
    var pieces: [Double: Content] = [:]
    for bucket in buckets + (newest.map { [$0] } ?? [])
    where middle(of: bucket) > edge.seconds && bucket.index * width <= now.seconds {
      Self.merge(bucket.content, into: &pieces[bucket.index])
    }
    future.forEach(through: now) { time, content in
      guard time > edge else { return }
      Self.merge(content, into: &pieces[(time.seconds / width).rounded(.down)])
    }
    return pieces.sorted { $0.key < $1.key }.compactMap { index, content in
      UnixTime(seconds: index * width).map { ($0, content) }
    }
  }

  /// The length of a piece in seconds.
  var pieceLength: Double { width }

  private mutating func add(
    _ content: Content, of id: Int64, at time: UnixTime?, from start: Window.Start, now: UnixTime
  ) {
    let isBefore: Bool
    switch start {
    case .after(let start):
      guard let time, time <= now else { return }
      isBefore = time <= start
    case .afterID(let last):
      isBefore = id <= last
    }
    if isBefore {
      Self.merge(content, into: &past)
    } else {
      Self.merge(content, into: &sinceStart)
    }
  }

  private func middle(of bucket: Bucket) -> Double { (bucket.index + 0.5) * width }

  private mutating func advance(to now: UnixTime) {
    var released: [(UnixTime, Content)] = []
    future.release(through: now) { time, content in released.append((time, content)) }
    for (time, content) in released { insert(content, at: time) }
  }

  @inline(__always)
  private mutating func insert(_ content: Content, at time: UnixTime) {
    // Most rows belong to the newest bucket. This finds it without a division.
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
    if buckets.count + 1 >= Self.keptBuckets + Self.bucketsPerWindow / 2 { dropOldest() }
  }

  private mutating func dropOldest() {
    let surplus = buckets.count + 1 - Self.keptBuckets
    for bucket in buckets[..<surplus] { Self.merge(bucket.content, into: &past) }
    buckets.removeFirst(surplus)
  }

  private static func merge(_ content: Content, into sum: inout Content?) {
    if sum == nil { sum = content } else { sum?.merge(content) }
  }
}

extension SlidingWindow: BinaryFields {
  static var blank: Self { Self(length: 0) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&length)
    width = length / Double(Self.bucketsPerWindow)
    try coder.code(&newest)
    try coder.code(&buckets)
    try coder.code(&past)
    try coder.code(&future)
  }
}

extension SlidingWindow.Bucket: BinaryFields {
  static var blank: Self { Self(index: 0, content: .blank) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&index)
    try coder.code(&content)
  }
}
