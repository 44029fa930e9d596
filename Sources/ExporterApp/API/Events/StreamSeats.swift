import Synchronization

/// A limit on the number of concurrent streams.
final class StreamSeats: Sendable {
  /// A place for one stream. It is taken as long as somebody holds it.
  final class Seat: Sendable {
    private let seats: StreamSeats

    fileprivate init(_ seats: StreamSeats) { self.seats = seats }

    deinit { seats.taken.withLock { $0 -= 1 } }
  }

  let limit: Int
  private let taken = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// - Returns: `nil` if all are taken.
  func take() -> Seat? {
    let isFree = taken.withLock { taken in
      guard taken < limit else { return false }
      taken += 1
      return true
    }
    return isFree ? Seat(self) : nil
  }
}
