import Exposition
import Testing

@Suite struct AcceptEncodingTests {
  @Test(arguments: [
    "gzip", "GZip", "x-gzip", "gzip, deflate, br, zstd", "deflate;q=1.0, gzip;q=0.5", "*",
    "*;q=0.1", "gzip;q=0.001", "gzip;q=1.0, identity;q=0.5, *;q=0", "identity;q=0, *",
    "gzip;q=0, gzip", "gzip ; q=\"0.5\"", "gzip;q=7", "identity, gzip", ",gzip,", "\tgzip\t",
    "gzip;level=9", "br;q=0, *",
  ])
  func gzipIsAccepted(header: String) {
    #expect(ContentNegotiation.acceptsGzip(header))
  }

  @Test(arguments: [
    nil, "", "identity", "br", "gzip;q=0", "gzip;q=0.000", "GZIP;Q=0", "x-gzip;q=0", "*;q=0",
    "gzip;q=0, *", "gzip;q=0.5, identity", "gzip;q=0.5, *", "identity;q=0", "gzip;q=no",
    "gzip;q=-1", "gzipped", "x;a=\"gzip, gzip", "\u{0}", "\"", "deflate, *;q=0",
  ])
  func gzipIsNotAccepted(header: String?) {
    #expect(!ContentNegotiation.acceptsGzip(header))
  }
}
