import NIOCore

/// What one connection waits for, and what to do when something happens to it.
///
/// | state         | request            | no request   | answer taken           | server closes | deadline |
/// | ------------- | ------------------ | ------------ | ---------------------- | ------------- | -------- |
/// | `waiting`     | `answering`, pass  | `lingering`  |                        | pass          | close    |
/// | `refused`     | `lingering`, 503   | `lingering`  |                        | pass          | close    |
/// | `answering n` | `answering`, pass  | `last n`     | `answering`, `waiting` | `closing n`   | close    |
/// | `last n`      | drop               | drop         | `last`, `lingering`    | `closing n`   | close    |
/// | `closing n`   | drop               | drop         | `closing`, close       | hold          | close    |
/// | `lingering`   | drop               | drop         |                        | pass          | close    |
///
/// Where two states follow, the second is that after the last answer. A request leads to `last` if
/// its fields say so, if it has a body that is dropped, or if it is the last that may be pipelined. So
/// does an answer that begins before all of a body that is handed on has come. A server that closes its output alone leads to `last` too, and to `lingering` where no answer is due.
///
/// A deadline begins with `waiting`, `refused` and `lingering`, with the first request, with each part
/// of a body that is handed on, with each answer, and each part of one, taken unless in `closing`, and with the server's close.
struct ConnectionState: Sendable {
  /// With the number of requests whose answers have not been taken by the kernel.
  enum Phase: Hashable, Sendable {
    /// For a request.
    case waiting
    /// For a request, to answer that all connections are taken.
    case refused
    case answering(Int)
    /// No further request is taken, and the connection ends after the answers that are due.
    case last(Int)
    /// The server has closed the connection, and there are answers due.
    case closing(Int)
    /// For the client to take the last answer.
    case lingering
  }

  enum Action: Equatable {
    case none
    /// Hands the request, or the close, on.
    case pass
    /// Hands the request on, and notes that the connection is being answered.
    case beginAnswering
    /// Notes that the connection waits for a request.
    case beginWaiting
    /// Answers in place of the server, and closes the output.
    case answer(ConnectionAnswer)
    case closeOutput
    case close
    /// Keeps the server's close until the answers that are due have been taken.
    case hold
  }

  private(set) var phase = Phase.waiting
  /// When ``deadlinePassed(at:)`` follows, unless something happens before.
  private(set) var deadline: NIODeadline?
  private let limits: ServerLimits

  init(_ limits: ServerLimits) { self.limits = limits }

  /// Whether the answer that is due next is the last.
  var isNextAnswerLast: Bool { phase == .last(1) || phase == .closing(1) }

  mutating func opened<ID>(
    _ admission: ConnectionQueue<ID>.Admission, at now: NIODeadline
  ) -> Action {
    switch admission {
    case .admitted: enter(.waiting, until: now + limits.head)
    case .refused: enter(.refused, until: now + limits.linger)
    case .dropped: .close
    }
  }

  /// The head of a request came. A body would be dropped, so the connection ends after the answer.
  mutating func received(
    bodyBytes: Int, isKeepAlive: Bool, at now: NIODeadline
  ) -> Action {
    let due: Int
    switch phase {
    case .waiting: due = 0
    case .answering(let count): due = count
    case .refused: return refuse(.allConnectionsTaken, at: now)
    case .last, .closing, .lingering: return .none
    }
    guard bodyBytes <= limits.bodyBytes else { return refuse(.bodyTooLarge(limits), at: now) }
    let isLast = !isKeepAlive || bodyBytes > 0 || due + 1 >= limits.pipelined
    phase = isLast ? .last(due + 1) : .answering(due + 1)
    if due == 0 { deadline = now + limits.answer }
    return due == 0 ? .beginAnswering : .pass
  }

  /// A part of a body that is handed on came: a client that goes on sending may take as long as it needs.
  mutating func bodyContinues(at now: NIODeadline) { _ = partTaken(at: now) }

  /// The answer that is due begins while the body of its request is still coming. The rest of the body is
  /// dropped, so the connection ends after the answer.
  ///
  /// - Returns: false where other answers come first.
  mutating func answersEarly() -> Bool {
    switch phase {
    case .answering(1):
      phase = .last(1)
      return true
    case .last(1), .closing(1): return true
    case .waiting, .refused, .answering, .last, .closing, .lingering: return false
    }
  }

  /// Something came that is answered in place of the server. Where answers are due, they come
  /// first, and this one is left out.
  mutating func refuse(_ answer: ConnectionAnswer, at now: NIODeadline) -> Action {
    switch phase {
    case .waiting, .refused:
      return enter(.lingering, until: now + limits.linger, .answer(answer))
    case .answering(let due):
      phase = .last(due)
      return .none
    case .last, .closing, .lingering: return .none
    }
  }

  /// The kernel has taken an answer.
  mutating func answerTaken(at now: NIODeadline) -> Action {
    switch phase {
    case .answering(1): return enter(.waiting, until: now + limits.idle, .beginWaiting)
    case .answering(let due): return enter(.answering(due - 1), until: now + limits.answer)
    case .last(1): return enter(.lingering, until: now + limits.linger, .closeOutput)
    case .last(let due): return enter(.last(due - 1), until: now + limits.answer)
    case .closing(1): return .close
    case .closing(let due):
      phase = .closing(due - 1)
      return .none
    case .waiting, .refused, .lingering: return .none
    }
  }

  /// The kernel has taken a part of the answer that is due: a client that goes on reading may take as
  /// long as it needs for all of it.
  mutating func partTaken(at now: NIODeadline) -> Action {
    switch phase {
    case .answering, .last: deadline = now + limits.answer
    case .waiting, .refused, .closing, .lingering: break
    }
    return .none
  }

  /// - Parameter mode: closing the input alone changes nothing here.
  mutating func serverCloses(_ mode: CloseMode, at now: NIODeadline) -> Action {
    switch (phase, mode) {
    case (_, .input): return .pass
    case (.answering(let due), .output), (.last(let due), .output):
      return enter(.last(due), until: now + limits.drainTimeout, .hold)
    case (.answering(let due), .all), (.last(let due), .all), (.closing(let due), _):
      return enter(.closing(due), until: now + limits.drainTimeout, .hold)
    case (.waiting, .output), (.refused, .output), (.lingering, .output):
      return enter(.lingering, until: now + limits.linger, .pass)
    case (.waiting, .all), (.refused, .all), (.lingering, .all): return .pass
    }
  }

  func deadlinePassed(at now: NIODeadline) -> Action {
    deadline.map { now >= $0 } == true ? .close : .none
  }

  private mutating func enter(
    _ phase: Phase, until deadline: NIODeadline, _ action: Action = .none
  ) -> Action {
    self.phase = phase
    self.deadline = deadline
    return action
  }
}
