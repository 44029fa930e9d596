/// A run of consecutive evaluations below the consistency objective.
package struct Streak: Hashable, Sendable {
  /// The number of evaluations.
  package var length: Int
  /// The ids of the first and the last evaluation.
  package var ids: IDSpan
  /// The evidence time of the first evaluation, if it is readable.
  package var start: UnixTime?
}

/// The longest streak that reaches into one window.
package struct WindowStreak: Hashable, Sendable {
  /// The value of the label `window`.
  package var window: String
  package var streak: Streak
}

/// The streaks of one gate that can be the longest in some window.
///
/// A streak reaches into a window if the evidence time of one of its evaluations does, or if it is
/// the gate's latest and unbroken. Among equally long streaks, the one with the latest evaluation
/// in the window counts. A streak that ended is dropped once another reaches further and is at
/// least as long.
struct StreakHistory: Sendable {
  private var unbroken: Unbroken?
  /// The ended streaks that reach into some window of time. Later ones are shorter.
  private var ended: [Ended] = []
  /// Evaluations, ahead of the clock, of streaks that ended.
  private var ahead = FutureBuffer<Ended>()
  /// The longest of all ended streaks.
  private var longest: Streak?
  /// The longest of the streaks that ended after ``startID``.
  private var longestSinceStart: Streak?
  /// The id after which a window that counts by ids begins, if there is one.
  private var startID: Int64?

  init(windows: [Window]) {
    startID =
      windows.lazy.compactMap {
        if case .afterID(let id) = $0.start { id } else { nil }
      }.first
  }

  /// Applies an evaluation with a usable consistency.
  ///
  /// - Parameter length: the length of its streak so far; 0 if it ended the one before.
  mutating func apply(_ evaluation: Evidence, length: Int, now: UnixTime) {
    if length > 0 {
      if unbroken == nil { unbroken = Unbroken(first: evaluation) }
      unbroken?.add(evaluation, length: length, now: now)
    } else if let streak = unbroken {
      unbroken = nil
      end(streak, now: now)
    }
  }

  /// The unbroken streak or, without one, the streak that ended last by evidence time.
  var latest: Streak? { unbroken?.streak ?? ended.last?.streak }

  func longest(_ windows: [Window], at now: UnixTime) -> [WindowStreak] {
    var streaks: [WindowStreak] = []
    for window in windows {
      guard let streak = longest(in: window, at: now) else { continue }
      streaks.append(WindowStreak(window: window.label, streak: streak))
    }
    if let streak = longer(longest, unbroken?.streak) {
      streaks.append(WindowStreak(window: Window.allLabel, streak: streak))
    }
    return streaks
  }

  private func longest(in window: Window, at now: UnixTime) -> Streak? {
    let edge: UnixTime
    switch window.start {
    case nil: edge = now.advanced(by: -window.length)
    case .after(let start): edge = start
    case .afterID: return longer(longestSinceStart, unbroken?.streak)
    }
    var best = ended.first { $0.time > edge }
    ahead.forEach(through: now) { _, streak in
      guard streak.time > edge else { return }
      if let found = best {
        best = found.outdone(by: streak) ? streak : found
      } else {
        best = streak
      }
    }
    return longer(best?.streak, unbroken?.streak)
  }

  /// The longer of two streaks; the second if both are as long.
  private func longer(_ first: Streak?, _ second: Streak?) -> Streak? {
    guard let first, let second else { return first ?? second }
    return second.length >= first.length ? second : first
  }

  private mutating func end(_ streak: Unbroken, now: UnixTime) {
    longest = longer(longest, streak.streak)
    if let startID, streak.streak.ids.last > startID {
      longestSinceStart = longer(longestSinceStart, streak.streak)
    }
    var released: [Ended] = []
    ahead.release(through: now) { _, streak in released.append(streak) }
    for streak in released { keep(streak) }
    if let time = streak.greatestTime { keep(Ended(streak: streak.streak, time: time)) }
    for time in streak.timesAhead {
      let part = Ended(streak: streak.streak, time: time)
      if time <= now { keep(part) } else { ahead.hold(part, until: time) }
    }
  }

  private mutating func keep(_ streak: Ended) {
    let later = ended.firstIndex { $0.time > streak.time } ?? ended.endIndex
    if later < ended.endIndex, ended[later].streak.length >= streak.streak.length { return }
    let outdone = ended[..<later].firstIndex { $0.outdone(by: streak) } ?? later
    ended.replaceSubrange(outdone..<later, with: CollectionOfOne(streak))
  }
}

extension StreakHistory {
  /// The gate's latest streak, while nothing has ended it.
  fileprivate struct Unbroken: Sendable {
    /// The most times ahead of the clock to keep. Beyond it, the earliest is forgotten.
    private static let limit = 128

    var streak: Streak
    /// The greatest time of evaluations that were not ahead of the clock.
    var greatestTime: UnixTime?
    /// The times of evaluations that were ahead of the clock, ascending.
    var timesAhead: [UnixTime] = []

    init(streak: Streak) { self.streak = streak }

    init(first: Evidence) {
      streak = Streak(length: 0, ids: IDSpan(first.id), start: first.time)
    }

    mutating func add(_ evaluation: Evidence, length: Int, now: UnixTime) {
      streak.length = length
      streak.ids.merge(IDSpan(evaluation.id))
      guard let time = evaluation.time else { return }
      if time <= now {
        greatestTime = max(greatestTime ?? time, time)
        return
      }
      let position = timesAhead.firstIndex { $0 >= time } ?? timesAhead.endIndex
      guard position == timesAhead.endIndex || timesAhead[position] != time else { return }
      timesAhead.insert(time, at: position)
      if timesAhead.count > Self.limit { timesAhead.removeFirst() }
    }
  }

  /// A streak that ended, and an evidence time of one of its evaluations.
  fileprivate struct Ended: Aggregate {
    var streak: Streak
    var time: UnixTime

    /// Whether `other` is preferable in every window that both reach into.
    func outdone(by other: Ended) -> Bool {
      (other.streak.length, other.time, other.streak.ids.last)
        >= (streak.length, time, streak.ids.last)
    }

    mutating func merge(_ other: Ended) { if outdone(by: other) { self = other } }
  }
}

// MARK: - As bytes

extension StreakHistory: BinaryFields {
  static var blank: Self { Self(windows: []) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&unbroken)
    try coder.code(&ended)
    try coder.code(&ahead)
    try coder.code(&longest)
    try coder.code(&longestSinceStart)
    try coder.code(&startID)
  }
}

extension Streak: BinaryFields {
  package static var blank: Self { Self(length: 0, ids: .blank, start: nil) }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&length)
    try coder.code(&ids)
    try coder.code(&start)
  }
}

extension StreakHistory.Unbroken: BinaryFields {
  static var blank: Self { Self(streak: .blank) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&streak)
    try coder.code(&greatestTime)
    try coder.code(&timesAhead)
  }
}

extension StreakHistory.Ended {
  static var blank: Self { Self(streak: .blank, time: .epoch) }

  mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&streak)
    try coder.code(&time)
  }
}
