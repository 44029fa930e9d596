import Testing

/// The real binary beside real writers, Prometheus and parsers. One test at a time: each measures
/// or waits for something that the others would disturb.
@Suite(.serialized) struct EndToEndTests {}
