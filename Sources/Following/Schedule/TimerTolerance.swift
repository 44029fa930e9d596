extension Duration {
  /// How much later a service may look: those that are due at about the same time wake the process
  /// once.
  package static let timerTolerance: Duration = .milliseconds(500)
}
