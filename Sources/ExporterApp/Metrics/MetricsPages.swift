import Exposition
import Following
import NIOCore
import ReflexiveCore

/// The pages of metrics, rendered when something changed and not for every scrape.
///
/// A page is served again as long as no store has changed, no other request came in, and it is no
/// older than ``lifetime``: windows slide with the clock when no row arrives. Scrapes that come
/// together share one rendering.
actor MetricsPages {
  /// How a page is asked for.
  struct Kind: Hashable, Sendable {
    var format: ExpositionFormat
    var isCompressed: Bool
  }

  /// What a page was made from: another one says that something has changed.
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

  /// Far below the 1 % of a window that its edge may be off by.
  static let lifetime: Duration = .milliseconds(100)

  private let snapshot: @Sendable () -> ExporterSnapshot
  private let version: @Sendable () -> Version
  private let time: TimeSource
  private var pages: [Kind: Page] = [:]
  private let gzip = Gzip()

  /// - Parameters:
  ///   - version: of what `snapshot` would be now; cheap.
  init(
    snapshot: @escaping @Sendable () -> ExporterSnapshot,
    version: @escaping @Sendable () -> Version, time: TimeSource
  ) {
    self.snapshot = snapshot
    self.version = version
    self.time = time
  }

  /// - Returns: the page, and whether it is compressed: without memory for that it is not.
  func page(_ kind: Kind) -> (bytes: ByteBuffer, isCompressed: Bool) {
    if let bytes = current(kind) { return (bytes, kind.isCompressed) }
    // Taken first: what changes while the page is made shows in the next one.
    let (version, now) = (version(), time.monotonic())
    guard kind.isCompressed else {
      var bytes: [UInt8] = []
      // About as long as the one before: growing would copy it several times.
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
