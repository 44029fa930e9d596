/// The moment at which a breach began.
package struct Onset: Hashable, Sendable {
  package enum Precision: Hashable, Sendable {
    /// The breach began at the evidence time of a row.
    case exact
    /// The breach began at most this many seconds before ``time``.
    case within(Double)
    /// The breach began at ``time`` or before. Earlier evidence is not kept.
    case atTheLatest
  }

  package var time: UnixTime
  package var precision: Precision

  package init(time: UnixTime, precision: Precision) {
    self.time = time
    self.precision = precision
  }
}

extension StoreIndicators {
  /// The moment since which a verdict has been breached without a break; `nil` where it is unknown.
  ///
  /// - A streak: its first evaluation.
  /// - A drop: its first row.
  /// - A stalled threshold: its last move.
  /// - A mean or a share over a range: found by going back through the pieces of the next longer
  ///   window.
  package func onset(of verdict: Verdict, at now: UnixTime) -> Onset? {
    guard verdict.state == .breached else { return nil }
    switch verdict.indicator {
    case .consistencyStreak:
      return streak(of: verdict, at: now)?.start.map { Onset(time: $0, precision: .exact) }
    case .drop:
      return drops(of: verdict).flatMap { $0.breach(of: $1)?.startTime }
        .map { Onset(time: $0, precision: .exact) }
    case .threshold:
      return found(verdict.subject)?.threshold.lastMoveTime(at: now)
        .map { Onset(time: $0, precision: .exact) }
    case .qsr, .rmm, .rejected, .clarity:
      return RangeHistory(of: verdict, in: self, at: now)?.onset(at: now)
    }
  }

  /// The drops of the verdict's subject, and its objective.
  private func drops(of verdict: Verdict) -> (DropsSnapshot, objective: Double)? {
    let name = verdict.subject
    func watch(_ names: LabelTable, _ watches: [DropWatch?]) -> DropsSnapshot? {
      names.values.firstIndex(of: name).flatMap { index in
        index < watches.count ? watches[index]?.snapshot : nil
      }
    }
    switch verdict.subjectKind {
    case .agent:
      return watch(agentNames, agents.map(\.drops)).map { ($0, settings.objectives.qsr(of: name)) }
    case .gate:
      return watch(gateNames, gates.map(\.drops)).map {
        ($0, settings.objectives.limits(of: name).consistency)
      }
    case .subject:
      return watch(subjectNames, subjects.map(\.drops)).map {
        ($0, settings.objectives.rmm(of: name))
      }
    case .store, .checkpoint:
      return nil
    }
  }

  private func found(_ gate: LabelValue) -> GateIndicators? {
    gateNames.values.firstIndex(of: gate).flatMap { $0 < gates.count ? gates[$0] : nil }
  }

  private func streak(of verdict: Verdict, at now: UnixTime) -> Streak? {
    found(verdict.subject)?.streaks.longest(settings.windows, at: now)
      .first { $0.window == verdict.range }?.streak
  }
}

/// The verdict over a range at earlier moments.
private struct RangeHistory {
  /// The fewest pieces of a range for which the beginning of a breach is precise enough.
  private static let leastPieces: Double = 4

  private struct Piece {
    var middle: Double
    var part: Double
    var count: Int
  }

  private let pieces: [Piece]
  /// The length of a piece, in seconds.
  private let width: Double
  /// The length of the range, in seconds.
  private let length: Double
  /// The length of the window that the pieces come from, in seconds.
  private let reach: Double
  private let isBreached: (_ part: Double, _ count: Int) -> Bool

  /// - Returns: `nil` without a window that reaches further back than the range, in pieces that are
  ///   short enough.
  init?(of verdict: Verdict, in indicators: StoreIndicators, at now: UnixTime) {
    let windows = indicators.settings.windows
    guard let range = windows.first(where: { $0.label == verdict.range }), range.start == nil,
      let index = windows.indices.filter({ index in
        windows[index].start == nil && windows[index].length > range.length
          && windows[index].length / 128 * Self.leastPieces <= range.length
      }).min(by: { windows[$0].length < windows[$1].length }),
      case .number(let limit) = verdict.limit
    else { return nil }
    length = range.length
    reach = windows[index].length
    width = windows[index].length / 128
    pieces = indicators.pieces(of: verdict, index, at: now).map { start, part, count in
      Piece(middle: start.seconds + windows[index].length / 256, part: part, count: count)
    }
    let least = indicators.settings.objectives.minSamples
    let indicator = verdict.indicator
    isBreached = { part, count in
      guard count >= least else { return false }
      let value = (part / Double(count)).roundedToNineDecimals
      return indicator == .rejected ? value > limit && part >= Double(least) : value < limit
    }
  }

  /// Goes back from the last whole piece to the first moment without a breach.
  func onset(at now: UnixTime) -> Onset? {
    let last = (now.seconds / width).rounded(.down)
    let steps = Int(((reach - length) / width).rounded(.down))
    var begin: Double?
    for step in 0..<steps {
      let moment = (last - Double(step)) * width
      guard isBreached(at: moment) else {
        let begin = begin ?? now.seconds
        return UnixTime(seconds: begin).map {
          Onset(time: $0, precision: .within(begin - moment))
        }
      }
      begin = moment
    }
    return begin.flatMap { UnixTime(seconds: $0) }.map {
      Onset(time: $0, precision: .atTheLatest)
    }
  }

  private func isBreached(at moment: Double) -> Bool {
    var (part, count) = (0.0, 0)
    for piece in pieces where piece.middle > moment - length && piece.middle <= moment {
      part += piece.part
      count += piece.count
    }
    return isBreached(part, count)
  }
}

extension StoreIndicators {
  /// The values behind the verdict, in each piece of the window at `index`.
  fileprivate func pieces(
    of verdict: Verdict, _ index: Int, at now: UnixTime
  ) -> [(start: UnixTime, part: Double, count: Int)] {
    func points(_ kind: HistoryKind) -> [(start: UnixTime, part: Double, count: Int)] {
      history(kind, of: verdict.subject, window: settings.windows[index].label, at: now)
        .map { ($0.start, $0.scores.sum, $0.scores.count) }
    }
    func parts(
      _ share: KeyPath<EvidenceShares, Share>
    ) -> [(start: UnixTime, part: Double, count: Int)] {
      shares.pieces(index, at: now).map { start, shares in
        (start, Double(shares[keyPath: share].part), shares[keyPath: share].count)
      }
    }
    return switch (verdict.indicator, verdict.subjectKind) {
    case (.qsr, .agent): points(.quality)
    case (.qsr, _): points(.storeQuality)
    case (.rmm, _): points(.maturity)
    case (.rejected, _): parts(\.rejected)
    case (.clarity, _):
      verdict.subject == "architectural" ? parts(\.architectural) : parts(\.procedural)
    default: []
    }
  }
}
