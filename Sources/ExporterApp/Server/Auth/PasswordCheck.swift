import ConfigurationFiles
import Dispatch
import Synchronization

/// Checks passwords against bcrypt hashes: one at a time, on a thread of its own, because each
/// check takes as long as many scrapes.
final class PasswordCheck: Sendable {
  enum Outcome {
    case accepted
    case refused
    /// The password was not checked, because too many others wait.
    case tooManyWaiting
  }

  private struct State {
    /// Digests of correct credentials. Only a correct password adds one, so a flood of wrong ones
    /// cannot push them out.
    var accepted: Set<[UInt8]> = []
    var waiting = AdmissionLimiter()
  }

  private static let acceptedLimit = 100

  /// The key of the digests. Without it, a digest in memory says nothing about a password.
  private let secret: [UInt8]
  private let queue = DispatchQueue(label: "reflexive-exporter.passwords")
  private let state = Mutex(State())

  init() {
    secret = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
  }

  /// - Parameters:
  ///   - users: the users, of which there is at least one.
  ///   - client: the address of the client.
  func check(
    _ credentials: BasicCredentials, users: [[UInt8]: BcryptHash], client: String
  ) async -> Outcome {
    let known = users[credentials.user]
    guard let hash = known ?? dummyHash(credentials.user, users) else { return .refused }
    let digest = digest(credentials, hash)
    let isAdmitted: Bool? = state.withLock { state in
      if known != nil, state.accepted.contains(digest) { return nil }
      return state.waiting.admit(client)
    }
    guard let isAdmitted else { return .accepted }
    guard isAdmitted else { return .tooManyWaiting }
    let matches = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: hash.matches(credentials.password)) }
    }
    let isAccepted = matches && known != nil
    state.withLock { state in
      state.waiting.leave(client)
      guard isAccepted else { return }
      if state.accepted.count >= Self.acceptedLimit { state.accepted = [] }
      state.accepted.insert(digest)
    }
    return isAccepted ? .accepted : .refused
  }

  /// The hash for checking the password of an unknown user. Without it, the time of an answer would
  /// tell which users exist. It is the hash of some user, always the same for a name, so that
  /// unknown names cost the same as known ones.
  private func dummyHash(_ name: [UInt8], _ users: [[UInt8]: BcryptHash]) -> BcryptHash? {
    let hashes = users.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    guard !hashes.isEmpty else { return nil }
    let digest = SHA256.authenticationCode(name, key: secret)
    let number = digest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    return hashes[number % hashes.count]
  }

  /// Each code has a fixed length, so the parts cannot run into each other.
  private func digest(_ credentials: BasicCredentials, _ hash: BcryptHash) -> [UInt8] {
    let parts = [credentials.user, hash.bytes, credentials.password]
    let codes = parts.flatMap { SHA256.authenticationCode($0, key: secret) }
    return SHA256.authenticationCode(codes, key: secret)
  }
}
