import Testing

/// The real binary with real writers, Prometheus and parsers. One test at a time: each measures or
/// waits for something that others would disturb.
@Suite(.serialized) struct EndToEndTests {
  /// Tests that wait most of their time, and allow many seconds for what they wait for. `make test` runs
  /// them in a process of their own, beside the others.
  struct WaitingTests {}
}
