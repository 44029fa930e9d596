import Testing

/// The real binary with real writers, Prometheus and parsers. One test at a time: each measures or
/// waits for something that others would disturb.
@Suite(.serialized) struct EndToEndTests {}
