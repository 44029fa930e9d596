/// How sure a drop has to be, and when it is over. The same for all agents, gates and subjects of a
/// store.
package struct DropSettings: Hashable, Sendable {
  /// At most one drop in so many runs is a false one, over all agents together.
  package var falseAlarmRuns: Double
  /// A mean that is worse than normal by less than this is no drop.
  package var tolerance: Double
  /// A drop that lasts is called over by mistake at most once in so many runs.
  package var recoveryRuns: Double
  /// A drop that has stood for so many runs is the new normal.
  package var normalRuns: Int

  package init(
    falseAlarmRuns: Double = 10_000, tolerance: Double = 0.05, recoveryRuns: Double = 50,
    normalRuns: Int = 500
  ) {
    self.falseAlarmRuns = falseAlarmRuns
    self.tolerance = tolerance
    self.recoveryRuns = recoveryRuns
    self.normalRuns = normalRuns
  }
}

extension DropSettings {
  /// Evidence that makes a drop below normal. The lower limit of normal is too high in one epoch of
  /// ten; more evidence in all of them makes up for it.
  var normalThreshold: Double { falseAlarmRuns * (10.0 / 9) }
}

extension DropSettings: BinaryFields {
  package static var blank: Self { Self() }

  package mutating func code<Coder: FieldCoder>(_ coder: inout Coder) throws(Coder.Failure) {
    try coder.code(&falseAlarmRuns)
    try coder.code(&tolerance)
    try coder.code(&recoveryRuns)
    try coder.code(&normalRuns)
  }
}
