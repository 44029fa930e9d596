import NIOCore
import Testing

@testable import ExporterApp

/// The transitions of one connection, at times that the tests choose.
struct ConnectionStateTests {
  private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
  private let limits = ServerLimits()

  /// A connection that was opened and has so many answers due.
  private func state(
    _ admission: ConnectionQueue<Int>.Admission = .admitted(closing: nil), due: Int = 0
  ) -> ConnectionState {
    var state = ConnectionState(limits)
    _ = state.opened(admission, at: start)
    for _ in 0..<due { _ = state.received(bodyBytes: 0, isKeepAlive: true, at: start) }
    return state
  }

  private func last(_ due: Int) -> ConnectionState {
    var state = state(due: due - 1)
    _ = state.received(bodyBytes: 0, isKeepAlive: false, at: start)
    return state
  }

  private func closing(_ due: Int) -> ConnectionState {
    var state = state(due: due)
    _ = state.serverCloses(.all, at: start)
    return state
  }

  private var lingering: ConnectionState {
    var state = state()
    _ = state.refuse(.allConnectionsTaken, at: start)
    return state
  }

  private func expect(
    _ state: ConnectionState, _ phase: ConnectionState.Phase, _ time: TimeAmount? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(state.phase == phase, sourceLocation: sourceLocation)
    if let time {
      #expect(state.deadline == start + .seconds(1) + time, sourceLocation: sourceLocation)
    }
  }

  private var later: NIODeadline { start + .seconds(1) }

  @Test func openingDependsOnTheAdmission() {
    var state = ConnectionState(limits)
    #expect(state.opened(ConnectionQueue<Int>.Admission.admitted(closing: 3), at: later) == .none)
    expect(state, .waiting, limits.head)
    #expect(state.opened(ConnectionQueue<Int>.Admission.refused, at: later) == .none)
    expect(state, .refused, limits.linger)
    #expect(state.opened(ConnectionQueue<Int>.Admission.dropped, at: later) == .close)
  }

  /// A client that reads on may take longer for a long answer than for a short one.
  @Test func aPartThatIsTakenGivesTimeForTheNext() {
    for var state in [state(due: 1), state(due: 3), last(1), last(2)] {
      let phase = state.phase
      #expect(state.partTaken(at: later) == .none)
      expect(state, phase, limits.answer)
    }
    for var state in [closing(1), lingering, self.state()] {
      let (phase, deadline) = (state.phase, state.deadline)
      #expect(state.partTaken(at: later) == .none)
      expect(state, phase)
      #expect(state.deadline == deadline)
    }
  }

  @Test func anAnswerThatBeginsEarlyIsTheLast() {
    for (var state, isEarly, phase) in [
      (state(due: 1), true, .last(1)), (last(1), true, .last(1)), (closing(1), true, .closing(1)),
      (state(due: 2), false, .answering(2)), (last(2), false, .last(2)),
      (state(), false, .waiting), (lingering, false, .lingering),
    ] as [(ConnectionState, Bool, ConnectionState.Phase)] {
      #expect(state.answersEarly() == isEarly)
      expect(state, phase)
    }
  }

  @Test func aRequestIsHandedOnWhereOneMayCome() {
    var waiting = state()
    #expect(waiting.received(bodyBytes: 0, isKeepAlive: true, at: later) == .beginAnswering)
    expect(waiting, .answering(1), limits.answer)
    let deadline = waiting.deadline
    #expect(waiting.received(bodyBytes: 0, isKeepAlive: true, at: later + .seconds(1)) == .pass)
    expect(waiting, .answering(2))
    #expect(waiting.deadline == deadline)
    for var state in [last(1), closing(1), lingering] {
      let phase = state.phase
      #expect(state.received(bodyBytes: 0, isKeepAlive: true, at: later) == .none)
      expect(state, phase)
    }
  }

  @Test(arguments: [(0, false), (1, true), (65_536, true)])
  func aRequestMayBeTheLast(bodyBytes: Int, isKeepAlive: Bool) {
    var state = state()
    let action = state.received(bodyBytes: bodyBytes, isKeepAlive: isKeepAlive, at: later)
    #expect(action == .beginAnswering)
    expect(state, .last(1), limits.answer)
    #expect(state.isNextAnswerLast)
  }

  @Test func theLastThatMayBePipelinedIsTheLast() {
    var state = state(due: limits.pipelined - 1)
    #expect(state.received(bodyBytes: 0, isKeepAlive: true, at: later) == .pass)
    expect(state, .last(limits.pipelined))
    #expect(!state.isNextAnswerLast)
  }

  @Test func aLargeBodyAndARefusedConnectionAreAnsweredHere() {
    var large = state()
    #expect(
      large.received(bodyBytes: 65_537, isKeepAlive: true, at: later)
        == .answer(.bodyTooLarge(limits)))
    expect(large, .lingering, limits.linger)
    var refused = state(.refused)
    #expect(
      refused.received(bodyBytes: 0, isKeepAlive: true, at: later) == .answer(.allConnectionsTaken))
    expect(refused, .lingering, limits.linger)
  }

  @Test func whatIsNoRequestWaitsForTheAnswersThatAreDue() {
    for var free in [state(), state(.refused)] {
      #expect(free.refuse(.allConnectionsTaken, at: later) == .answer(.allConnectionsTaken))
      expect(free, .lingering, limits.linger)
    }
    var answering = state(due: 2)
    #expect(answering.refuse(.allConnectionsTaken, at: later) == .none)
    expect(answering, .last(2))
    for var state in [last(2), closing(2), lingering] {
      let phase = state.phase
      #expect(state.refuse(.allConnectionsTaken, at: later) == .none)
      expect(state, phase)
    }
  }

  @Test func whatFollowsAnAnswerDependsOnWhetherItWasTheLast() {
    var answering = state(due: 2)
    #expect(answering.answerTaken(at: later) == .none)
    expect(answering, .answering(1), limits.answer)
    #expect(answering.answerTaken(at: later) == .beginWaiting)
    expect(answering, .waiting, limits.idle)
    var last = last(2)
    #expect(last.answerTaken(at: later) == .none)
    expect(last, .last(1), limits.answer)
    #expect(last.answerTaken(at: later) == .closeOutput)
    expect(last, .lingering, limits.linger)
    var closing = closing(2)
    let deadline = closing.deadline
    #expect(closing.answerTaken(at: later) == .none)
    expect(closing, .closing(1))
    #expect(closing.deadline == deadline)
    #expect(closing.answerTaken(at: later) == .close)
    for var state in [state(), state(.refused), lingering] {
      #expect(state.answerTaken(at: later) == .none)
    }
  }

  @Test func theServersCloseWaitsForTheAnswersThatAreDue() {
    for var state in [state(due: 2), last(2), closing(2)] {
      #expect(state.serverCloses(.all, at: later) == .hold)
      expect(state, .closing(2), limits.drainTimeout)
      #expect(state.serverCloses(.output, at: later) == .hold)
      expect(state, .closing(2), limits.drainTimeout)
    }
    for var state in [state(due: 2), last(2)] {
      #expect(state.serverCloses(.output, at: later) == .hold)
      expect(state, .last(2), limits.drainTimeout)
    }
    for var state in [state(), state(.refused), lingering] {
      let phase = state.phase
      #expect(state.serverCloses(.all, at: later) == .pass)
      #expect(state.serverCloses(.input, at: later) == .pass)
      expect(state, phase)
      #expect(state.serverCloses(.output, at: later) == .pass)
      expect(state, .lingering, limits.linger)
    }
  }

  @Test func aDeadlineClosesInEveryState() throws {
    for state in [
      state(), state(.refused), state(due: 1), last(1), closing(1), lingering,
    ] {
      let deadline = try #require(state.deadline)
      #expect(state.deadlinePassed(at: deadline - .nanoseconds(1)) == .none)
      #expect(state.deadlinePassed(at: deadline) == .close)
    }
  }
}
