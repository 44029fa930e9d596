import ConfigurationFiles
import Exposition
import Following
import LinuxSystem
import ReflexiveCore

/// Turns a snapshot into metric families: all that `/metrics` serves, in the order of
/// `docs/metrics.md`. Each group of metrics has a file.
enum Collector {
  /// - Parameter withExemplars: whether histograms of scores have them.
  static func families(
    _ snapshot: ExporterSnapshot, withExemplars: Bool = true
  ) -> [MetricFamily] {
    agentFamilies(snapshot.stores, withExemplars: withExemplars)
      + agentDropFamilies(snapshot.stores) + storeQualityFamilies(snapshot.stores)
      + gateFamilies(snapshot.stores, withExemplars: withExemplars)
      + gateDropFamilies(snapshot.stores) + thresholdFamilies(snapshot.stores)
      + subjectFamilies(snapshot.stores) + subjectDropFamilies(snapshot.stores)
      + objectiveFamilies(snapshot.stores) + evidenceFamilies(snapshot.stores)
      + discoveryFamilies(snapshot.discovery) + storeFamilies(snapshot.stores)
      + receiverFamilies(snapshot.receiver) + exporterFamilies(snapshot)
      + httpFamilies(snapshot.http)
      + processFamilies(snapshot.process)
  }
}

/// Everything that one page of metrics shows.
struct ExporterSnapshot: Sendable {
  var stores: [StoreSnapshot]
  var discovery: [DiscoveryCount]
  var build: BuildInfo
  var reload: ReloadStatus
  /// The stores that receive.
  var receiver: [ReceiverSnapshot]
  var http: HTTPSnapshot
  var process: ProcessSnapshot

  init(
    stores: [StoreSnapshot], discovery: [DiscoveryCount], build: BuildInfo, reload: ReloadStatus,
    receiver: [ReceiverSnapshot] = [], http: HTTPSnapshot, process: ProcessSnapshot
  ) {
    self.stores = stores
    self.discovery = discovery
    self.build = build
    self.reload = reload
    self.receiver = receiver
    self.http = http
    self.process = process
  }
}

extension MetricFamily {
  /// Creates a family of the metrics that `body` appends for each store.
  init(
    _ descriptor: MetricDescriptor, of stores: [StoreSnapshot],
    _ body: (StoreSnapshot, inout MetricFamily) -> Void
  ) {
    self.init(descriptor)
    for store in stores { body(store, &self) }
  }

  /// Creates a family of the metrics that `body` appends for each agent, gate, subject or event of
  /// each store.
  init<Part>(
    _ descriptor: MetricDescriptor, of stores: [StoreSnapshot],
    each parts: KeyPath<EvidenceSnapshot, [Part]>,
    _ body: (_ store: String, Part, inout MetricFamily) -> Void
  ) {
    self.init(descriptor)
    for store in stores {
      guard let evidence = store.evidence else { continue }
      for part in evidence[keyPath: parts] { body(store.name, part, &self) }
    }
  }

  /// Appends `number` if there is one. Unknown values are not served.
  mutating func append(_ labelValues: LabelValues, ifKnown number: Double?) {
    if let number { append(labelValues, number) }
  }
}

extension HistogramBuckets {
  static let scores = HistogramBuckets(ScoreHistogram.upperBounds)
  static let commitToVisible = HistogramBuckets(StoreStatus.commitToVisibleBounds)
}

extension Histogram {
  /// Creates a histogram of scores. If wanted, each bucket has a row of evidence as its exemplar.
  init(_ scores: ScoreHistogram, withExemplars: Bool) {
    var counts = [UInt64](repeating: 0, count: HistogramBuckets.scores.count)
    for (index, count) in scores.counts.enumerated() { counts[index] = UInt64(count) }
    self.init(
      buckets: .scores, counts: counts, sum: scores.sum,
      exemplars: withExemplars ? scores.exemplars.map { $0.flatMap(Exemplar.init) } + [nil] : [])
  }

  init(_ durations: DurationHistogram, _ buckets: HistogramBuckets) {
    self.init(buckets: buckets, counts: durations.counts.map(UInt64.init), sum: durations.sum)
  }
}

extension Exemplar {
  init?(_ exemplar: ScoreHistogram.Exemplar) {
    self.init(
      labels: ["evidence_id": String(exemplar.id)], value: exemplar.score,
      timestamp: exemplar.time?.seconds)
  }
}
