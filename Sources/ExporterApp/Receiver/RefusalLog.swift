import HTTPTypes
import Following
import ReflexiveCore
import Synchronization

/// A push that was refused or left something out, without its content.
struct Refusal: Hashable, Sendable {
  var time: UnixTime
  /// `nil` if no store was chosen.
  var store: String?
  var kind: PushProtocol
  var status: Int
  /// The line of the first payload at fault, from 1.
  var line: Int?
  var reason: String
}

/// The latest refusals, for people whose clients drop the answers.
final class RefusalLog: Sendable {
  static let limit = 100

  private let refusals = Mutex<[Refusal]>([])

  func add(_ refusal: Refusal) {
    refusals.withLock { refusals in
      if refusals.count == Self.limit { refusals.removeFirst() }
      refusals.append(refusal)
    }
  }

  /// The latest refusals, the newest first.
  var latest: [Refusal] { refusals.withLock { $0.reversed() } }
}

extension Receiver {
  /// Records a request that is answered with a problem.
  func note(_ problem: APIProblem, of kind: PushProtocol, for store: String?) {
    let first = problem.flaws.first
    var line: Int?
    if case .line(let number)? = first?.place { line = number }
    refusals.add(
      Refusal(
        time: time.wall(), store: store, kind: kind, status: problem.status.code, line: line,
        reason: first.map(\.reason) ?? problem.detail))
  }
}
