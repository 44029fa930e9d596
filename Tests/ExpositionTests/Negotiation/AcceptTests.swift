import Exposition
import Testing

@Suite struct AcceptTests {
  @Test(arguments: [
    // Prometheus 2.42
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
      + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    // Prometheus 3
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
      + "application/openmetrics-text;version=0.0.1;q=0.4,"
      + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    // Prometheus with native histograms
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
      + "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "application/openmetrics-text",
    "Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=\"1.000\"",
    "application/openmetrics-text; version=\"1.\\0.0\"",
    "application/*",
    "application/openmetrics-text, text/plain",
    "text/plain, application/openmetrics-text;version=1.0.0",
    "application/openmetrics-text;q=0.1, application/openmetrics-text;version=1.0.0;q=0.9, "
      + "text/plain;q=0.5",
    "text/plain;q=0.2, application/openmetrics-text;q=0.3",
    "text/plain;q=0, */*",
    "text/plain;version=1.0.0, application/openmetrics-text;version=1.0.0;q=0.1",
    "*/*, application/openmetrics-text;version=1.0.0",
    "text/plain;q=high, application/openmetrics-text;q=0.1",
    "text/plain;q=0.99, application/openmetrics-text;q=1.5",
    "application/openmetrics-text;q=0.1;q=0.9, text/plain;q=0.5",
    "application/openmetrics-text;version=0.0.1;version=1.0.0",
    "x/y;a=\"application,;text/plain\", application/openmetrics-text;q=0.5, text/plain;q=0.4",
    ", ,;q=1,application/openmetrics-text,",
    "application/openmetrics-text;charset=utf-8;version=1.0.0",
  ])
  func openMetricsIsServedToClientsThatPreferIt(header: String) {
    #expect(ContentNegotiation.negotiate(accept: header) == .openMetrics)
  }

  @Test(arguments: [
    nil, "", " ", ",", ";", "*/*", "*", "*/*;q=0", "text/plain", "text/*", "application/json",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    // Prometheus before 2.23, which did not know exemplars.
    "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "application/openmetrics-text;version=0.0.1",
    "application/openmetrics-text;version=2.0.0",
    "application/openmetrics-text;version",
    "application/openmetrics-text;version=1.0.0;q=0",
    "application/openmetrics-text;q=0.000, */*",
    "application/openmetrics-text;q=0.3, text/plain;q=0.4",
    "text/plain, application/openmetrics-text",
    "text/plain, application/openmetrics-text;q=1.5",
    "application/openmetrics-text;version=1.0.0;q=0.1, application/openmetrics-text, "
      + "text/plain;q=0.5",
    "text/plain;version=0.0.4, application/openmetrics-text",
    "application/openmetrics-text;q=-1", "application/openmetrics-text;q=",
    "application/openmetrics-text;q=nan", "application/openmetrics-text;q=1e-9",
    "application/openmetrics-text;q=.", "application/openmetrics-text;q=0.5.5",
    "x;a=\"b, application/openmetrics-text", "application/openmetrics-text/x",
    "application / openmetrics-text", "\u{0}\u{1f}é\u{fffd}=;=,\"\\", "\"\\",
  ])
  func textIsServedToAllOtherClients(header: String?) {
    #expect(ContentNegotiation.negotiate(accept: header) == .text)
  }

  @Test func contentTypesCarryVersionAndCharset() {
    #expect(ExpositionFormat.text.contentType == "text/plain; version=0.0.4; charset=utf-8")
    #expect(
      ExpositionFormat.openMetrics.contentType
        == "application/openmetrics-text; version=1.0.0; charset=utf-8")
  }
}
