import NIOCore

/// The state of one connection, which turns events into actions.
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
/// If a cell has two states, the second is the one after the last answer. A request leads to `last`
/// if its fields say so, if it has a body that is dropped, or if it is the last that may be
/// pipelined. So does an answer that begins before all of a body that is handed on has arrived. A
/// server that closes only its output leads to `last`, too, and to `lingering` if no answer is due.
///
/// A deadline begins with `waiting`, `refused` and `lingering`, with the first request, with each
/// part of a body that is handed on, with each answer or part of one that is taken, unless in
/// `closing`, and with the server's close.
struct ConnectionState: Sendable {
  /// The number is that of requests whose answers the kernel has not taken.
  enum Phase: Hashable, Sendable {
    /// Waits for a request.
    case waiting
    /// Waits for a request, to answer that all connections are taken.
    case refused
    case answering(Int)
    /// Takes no further request, and ends after the due answers.
    case last(Int)
    /// The server has closed the connection, and answers are due.
    case closing(Int)
    /// Waits for the client to take the last answer.
    case lingering
  }

  enum Action: Equatable {
    case none
    /// Hands on the request or the close.
    case pass
    /// Hands on the request, and records that the connection is being answered.
    case beginAnswering
    /// Records that the connection waits for a request.
    case beginWaiting
    /// Answers in place of the server, and closes the output.
    case answer(ConnectionAnswer)
    case closeOutput
    case close
    /// Holds the server's close until the due answers have been taken.
    case hold
  }

  private(set) var phase = Phase.waiting
  /// When to call ``deadlinePassed(at:)``, unless something happens before.
  private(set) var deadline: NIODeadline?
  private let limits: ServerLimits

  init(_ limits: ServerLimits) { self.limits = limits }

  /// Whether the next due answer is the last.
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

  /// Handles the head of a request. A body is dropped, so the connection ends after the answer.
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

  /// Handles a part of a body that is handed on. A client that goes on sending may take its time.
  mutating func bodyContinues(at now: NIODeadline) { _ = partTaken(at: now) }

  /// Handles a due answer that begins while the body of its request is still coming. The rest of
  /// the body is dropped, so the connection ends after the answer.
  ///
  /// - Returns: `false` if other answers come first.
  mutating func answersEarly() -> Bool {
    switch phase {
    case .answering(1):
      phase = .last(1)
      return true
    case .last(1), .closing(1): return true
    case .waiting, .refused, .answering, .last, .closing, .lingering: return false
    }
  }

  /// Handles input that is answered in place of the server. If other answers are due, they come
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

  /// Handles an answer that the kernel has taken.
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

  /// Handles a part of the due answer that the kernel has taken. A client that goes on reading may
  /// take as long as it needs for all of it.
  mutating func partTaken(at now: NIODeadline) -> Action {
    switch phase {
    case .answering, .last: deadline = now + limits.answer
    case .waiting, .refused, .closing, .lingering: break
    }
    return .none
  }

  /// - Parameter mode: closing only the input changes nothing here.
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
