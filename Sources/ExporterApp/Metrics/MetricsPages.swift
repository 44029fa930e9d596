import Exposition
import Following
import NIOCore
import ReflexiveCore

/// The pages of metrics. A page is rendered when something has changed, not for every scrape.
///
/// A page is served again as long as no store has changed, no other request has come in, no reload
/// has run, and it is younger than ``lifetime``: windows slide with the clock even if no row
/// arrives. Scrapes at the same time share one rendering.
actor MetricsPages {
  /// The format and encoding of a page.
  struct Kind: Hashable, Sendable {
    var format: ExpositionFormat
    var isCompressed: Bool
  }

  /// The version of what a page shows. It changes with every part of it.
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
  ///   - version: the version of what `snapshot` would return now. It has to be cheap.
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
    guard kind.isCompressed else { return (plainPage(kind).bytes, false) }
    if let page = current(kind) { return (page.bytes, true) }
    let plain = plainPage(Kind(format: kind.format, isCompressed: false))
    guard let compressed = gzip.compress(plain.bytes.readableBytesView) else {
      return (plain.bytes, false)
    }
    // The compressed page is as old as the plain one.
    return (store(compressed, kind, plain.version, plain.time).bytes, true)
  }

  private func plainPage(_ kind: Kind) -> Page {
    if let page = current(kind) { return page }
    // Taken first, so that changes during the rendering show in the next page.
    let (version, now) = (version(), time.monotonic())
    var bytes: [UInt8] = []
    // About as long as the page before. Growing would copy the bytes several times.
    bytes.reserveCapacity((pages[kind]?.bytes.readableBytes ?? 0) * 17 / 16)
    let families = Collector.families(snapshot(), withExemplars: kind.format.hasExemplars)
    kind.format.encode(families, into: &bytes)
    return store(bytes, kind, version, now)
  }

  private func current(_ kind: Kind) -> Page? {
    guard let page = pages[kind], page.version == version(),
      page.time.duration(to: time.monotonic()) < Self.lifetime
    else { return nil }
    return page
  }

  private func store(
    _ bytes: [UInt8], _ kind: Kind, _ version: Version, _ now: ContinuousClock.Instant
  ) -> Page {
    let page = Page(bytes: ByteBuffer(bytes: bytes), version: version, time: now)
    pages[kind] = page
    return page
  }
}
