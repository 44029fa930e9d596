import Exposition
import Following
import NIOCore
import ReflexiveCore

/// The pages of metrics. A page is rendered when something has changed, not for every scrape.
///
/// A page is served again as long as no store has changed, no other request came in, no reload ran,
/// and it is younger than ``lifetime``: windows slide with the clock even if no row arrives.
/// Scrapes that come together share one rendering.
actor MetricsPages {
  /// The format and encoding of a page.
  struct Kind: Hashable, Sendable {
    var format: ExpositionFormat
    var isCompressed: Bool
  }

  /// The version of what a page shows. It differs if something has changed.
  struct Version: Hashable, Sendable {
    var stores: UInt64
    var requests: Int
    var reload: ReloadStatus
  }

  private struct Page {
    var bytes: ByteBuffer
    var version: Version
    var time: ContinuousClock.Instant
  }

  /// Far below the 1 % that the edge of a default window may be off by.
  static let lifetime: Duration = .milliseconds(100)

  private let snapshot: @Sendable () -> ExporterSnapshot
  private let version: @Sendable () -> Version
  private let time: TimeSource
  private var pages: [Kind: Page] = [:]
  private let gzip = Gzip()

  /// - Parameters:
  ///   - version: the version of what `snapshot` would return now; cheap.
  init(
    snapshot: @escaping @Sendable () -> ExporterSnapshot,
    version: @escaping @Sendable () -> Version, time: TimeSource
  ) {
    self.snapshot = snapshot
    self.version = version
    self.time = time
  }

  /// - Returns: the page, and whether it is compressed. It is not if zlib runs out of memory.
  func page(_ kind: Kind) -> (bytes: ByteBuffer, isCompressed: Bool) {
    if let bytes = current(kind) { return (bytes, kind.isCompressed) }
    // Taken first, so that a change while the page is made shows in the next page.
    let (version, now) = (version(), time.monotonic())
    guard kind.isCompressed else {
      var bytes: [UInt8] = []
      // About the size of the last page: growing would copy it several times.
      bytes.reserveCapacity((pages[kind]?.bytes.readableBytes ?? 0) * 17 / 16)
      let families = Collector.families(snapshot(), withExemplars: kind.format.hasExemplars)
      kind.format.encode(families, into: &bytes)
      return (store(bytes, kind, version, now), false)
    }
    let plain = page(Kind(format: kind.format, isCompressed: false)).bytes
    guard let compressed = gzip.compress(plain.readableBytesView) else { return (plain, false) }
    return (store(compressed, kind, version, now), true)
  }

  private func current(_ kind: Kind) -> ByteBuffer? {
    guard let page = pages[kind], page.version == version(),
      page.time.duration(to: time.monotonic()) < Self.lifetime
    else { return nil }
    return page.bytes
  }

  private func store(
    _ bytes: [UInt8], _ kind: Kind, _ version: Version, _ now: ContinuousClock.Instant
  ) -> ByteBuffer {
    let buffer = ByteBuffer(bytes: bytes)
    pages[kind] = Page(bytes: buffer, version: version, time: now)
    return buffer
  }
}
