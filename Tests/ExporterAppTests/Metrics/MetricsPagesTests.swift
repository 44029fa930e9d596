import LinuxSystem
import Exposition
import NIOCore
import ReflexiveCore
import Synchronization
import Testing

@testable import ExporterApp
@testable import Following

/// A page is made when something changed, and not for every scrape.
struct MetricsPagesTests {
  private let pages: MetricsPages
  private let world: World

  init() {
    let world = World()
    self.world = world
    pages = MetricsPages(
      snapshot: { world.snapshot }, version: { world.version },
      time: TimeSource(
        wall: { UnixTime(seconds: 0, nanoseconds: 0) }, monotonic: { world.instant }))
  }

  private func page(compressed: Bool = false) async -> ByteBuffer {
    await pages.page(MetricsPages.Kind(format: .text, isCompressed: compressed)).bytes
  }

  @Test func anUnchangedPageIsMadeOnce() async {
    let first = await page()
    #expect(await page() == first)
    #expect(world.rendered == 1)
  }

  @Test func bothEncodingsAreOfOnePage() async {
    _ = await page(compressed: true)
    _ = await page()
    #expect(world.rendered == 1)
    #expect(await page(compressed: true).readableBytesView.prefix(2) == [0x1F, 0x8B])
  }

  @Test func aChangeIsInTheNextPage() async {
    _ = await page()
    world.change()
    _ = await page()
    #expect(world.rendered == 2)
  }

  /// It is made from a page that may be as old as that itself.
  @Test func aCompressedPageIsNoOlder() async {
    _ = await page()
    world.wait(.milliseconds(99))
    _ = await page(compressed: true)
    #expect(world.rendered == 1)
    world.wait(.milliseconds(1))
    _ = await page(compressed: true)
    #expect(world.rendered == 2)
  }

  @Test func whatTimeAloneChangesIsSeenAfterTheLifetime() async {
    _ = await page()
    world.wait(.milliseconds(99))
    _ = await page()
    #expect(world.rendered == 1)
    world.wait(.milliseconds(1))
    _ = await page()
    #expect(world.rendered == 2)
  }
}

/// What pages are made of, and a clock that is set by hand.
private final class World: Sendable {
  private struct State {
    var rendered = 0
    var stores: UInt64 = 0
    var instant = ContinuousClock.now
  }

  private let state = Mutex(State())
  private let reload = ReloadStatus(
    wasSuccessful: true, lastSuccess: UnixTime(seconds: 0, nanoseconds: 0))

  var rendered: Int { state.withLock { $0.rendered } }
  var instant: ContinuousClock.Instant { state.withLock { $0.instant } }
  var version: MetricsPages.Version {
    MetricsPages.Version(stores: state.withLock { $0.stores }, requests: 0, reload: reload)
  }

  var snapshot: ExporterSnapshot {
    state.withLock { $0.rendered += 1 }
    return ExporterSnapshot(
      stores: [], discovery: [],
      build: BuildInfo(version: "1", revision: "a", swiftVersion: "6", sqliteVersion: "3"),
      reload: reload, http: HTTPSnapshot(handlers: []), process: ProcessSnapshot())
  }

  func change() { state.withLock { $0.stores += 1 } }
  func wait(_ duration: Duration) { state.withLock { $0.instant += duration } }
}
