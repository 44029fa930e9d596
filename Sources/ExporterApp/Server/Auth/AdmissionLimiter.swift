/// Limits how many password checks wait, so that a flood of wrong passwords neither fills the
/// memory nor delays everybody else.
struct AdmissionLimiter: Sendable {
  /// 64 checks at a bcrypt cost of 10 take under 4 s.
  static let limit = 64
  static let limitOfClient = 4

  private var counts: [String: Int] = [:]
  private var total = 0

  init() {}

  /// - Parameter client: the address of the client.
  /// - Returns: whether one more check may wait. If so, call ``leave(_:)`` after it.
  mutating func admit(_ client: String) -> Bool {
    guard total < Self.limit, counts[client, default: 0] < Self.limitOfClient else { return false }
    total += 1
    counts[client, default: 0] += 1
    return true
  }

  mutating func leave(_ client: String) {
    total -= 1
    counts[client, default: 0] -= 1
    if counts[client] == 0 { counts[client] = nil }
  }
}
