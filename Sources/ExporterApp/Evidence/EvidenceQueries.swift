import EvidenceStore
import Following
import NIOPosix
import ReflexiveCore
import Synchronization

/// Reads rows of evidence on threads of its own, so that neither those that serve nor those that
/// follow the stores wait for it.
final class EvidenceQueries: Sendable {
  /// The reason why there is no answer.
  enum Failure: Error, Hashable, Sendable {
    /// It was not ready in time.
    case timedOut
    /// Too many questions are waiting, or the exporter is stopping.
    case tooManyWaiting
    /// The database can't be read, for this kind of reason.
    case unreadable(StoreReadError.Kind)
  }

  /// The number of questions that are answered at the same time.
  static let threadCount = 2
  /// The number of questions that may wait. Each takes milliseconds, and never more than 5 s.
  private static let waitingLimit = 32

  private let threads: NIOThreadPool
  private let waiting = Mutex(0)
  private let news = Mutex(false)

  init(threads: NIOThreadPool) { self.threads = threads }

  func page(
    of store: FollowedStore, _ filter: EvidenceFilter, _ request: PageRequest
  ) async throws(Failure) -> EvidencePage {
    try await ask { () throws(EvidenceSearchError) in
      try EvidenceSearch(store).page(filter, request)
    }
  }

  func row(_ id: Int64, of store: FollowedStore) async throws(Failure) -> EvidenceLookup {
    try await ask { () throws(EvidenceSearchError) in try EvidenceSearch(store).row(id: id) }
  }

  func neighbours(
    of id: Int64, in store: FollowedStore, _ filter: EvidenceFilter
  ) async throws(Failure) -> EvidenceNeighbours {
    try await ask { () throws(EvidenceSearchError) in
      try EvidenceSearch(store).neighbours(of: id, filter)
    }
  }

  /// Whether anything was answered since this was last asked.
  func takeNews() -> Bool {
    news.withLock { news in
      defer { news = false }
      return news
    }
  }

  /// Runs one question.
  func ask<Answer: Sendable>(
    _ question: @escaping @Sendable () throws(EvidenceSearchError) -> Answer
  ) async throws(Failure) -> Answer {
    let isAdmitted = waiting.withLock { waiting in
      guard waiting < Self.waitingLimit else { return false }
      waiting += 1
      return true
    }
    guard isAdmitted else { throw .tooManyWaiting }
    defer {
      waiting.withLock { $0 -= 1 }
      news.withLock { $0 = true }
    }
    let result: Result<Answer, EvidenceSearchError>? = await threads.runToEnd {
      do throws(EvidenceSearchError) { return .success(try question()) } catch {
        return .failure(error)
      }
    }
    switch result {
    case nil: throw .tooManyWaiting
    case .success(let answer): return answer
    case .failure(.timedOut): throw .timedOut
    case .failure(.unreadable(let error)): throw .unreadable(error.kind)
    }
  }
}
