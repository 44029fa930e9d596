import ReflexiveCore

extension HTML {
  /// A state by its word and a shape of its own; the color only repeats it.
  ///
  /// - Parameter word: in place of the state's own.
  static func state(_ state: Verdict.State, _ word: String? = nil) -> HTML {
    Tag.span(.class("state \(state.rawValue)")) {
      Tag.svg(.svg("viewBox", "0 0 16 16"), .aria(.hidden, "true")) { state.shape }
      word ?? state.word
    }
  }
}

extension Verdict.State {
  var word: String {
    switch self {
    case .breached: "Breached"
    case .tooFew: "Too few"
    case .noData: "No data"
    case .good: "Good"
    }
  }

  /// An octagon, a triangle, a dashed circle, a tick.
  fileprivate var shape: HTML {
    switch self {
    case .breached: Tag.path(.svg("d", "M5 1h6l4 4v6l-4 4H5l-4-4V5z"))
    case .tooFew: Tag.path(.svg("d", "M8 2l6.5 12h-13z"))
    case .noData:
      Tag.circle(
        .svg("cx", 8), .svg("cy", 8), .svg("r", 6), .svg("stroke-dasharray", "3 2"))
    case .good: Tag.path(.svg("d", "M2 9l4 4 8-10"))
    }
  }
}
