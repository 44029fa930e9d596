import Following
import ReflexiveCore

/// What a list of rows leaves out, in words: above all for people who follow the link of an alert.
struct EvidenceScope: Sendable {
  let parameters: EvidenceParameters
  let now: UnixTime

  var html: HTML {
    HTML.joined {
      for sentence in [times, ids, rejections].compactMap({ $0 }) {
        Tag.p(.class("muted")) { sentence }
      }
    }
  }

  private var times: HTML? {
    let filter = parameters.filter
    guard filter.since != nil || filter.until != nil else { return nil }
    return HTML.joined {
      "Evidence times"
      if let since = filter.since {
        " after "
        HTML.time(since, now: now)
      }
      if let until = filter.until {
        filter.since == nil ? " up to " : ", up to "
        HTML.time(until, now: now)
      }
      ". A row without a readable time is in no range of times."
    }
  }

  private var ids: HTML? {
    let request = parameters.request
    guard request.after != nil || request.before != nil else { return nil }
    let after = request.after.map { "above \($0)" }
    let before = request.before.map { "below \($0)" }
    return .text(
      "Rows with ids \([after, before].compactMap { $0 }.joined(separator: " and ")), "
        + "\(parameters.request.limit) at the most.")
  }

  /// Why an alert about rejected rows may have counted others.
  private var rejections: HTML? {
    guard case .reason(.futureTimestamp) = parameters.filter.rejected else { return nil }
    return .text(
      "A row is listed as long as its time is ahead of the clock: an alert may have counted rows "
        + "that are not ahead any more.")
  }
}
