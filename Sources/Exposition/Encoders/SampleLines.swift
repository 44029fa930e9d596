/// Writes the sample lines of one family: the same in both formats, but for the exemplars.
struct SampleLines {
  private let name: String
  private let labelNames: LabelNames
  private let withExemplars: Bool

  init(_ descriptor: MetricDescriptor, withExemplars: Bool) {
    name = descriptor.name
    labelNames = LabelNames(descriptor.labelNames)
    self.withExemplars = withExemplars
  }

  func write(_ metric: Metric, into bytes: inout [UInt8]) {
    switch metric.value {
    case .number(let number):
      bytes.append(text: name)
      labelNames.write(metric.labelValues, into: &bytes)
      bytes.append(text: labelNames.isEmpty ? " " : "} ")
      bytes.append(number: number)
      bytes.append(UInt8(ascii: "\n"))
    case .histogram(let histogram):
      var labels: [UInt8] = []
      labelNames.write(metric.labelValues, into: &labels)
      writeBuckets(histogram, labels, into: &bytes)
      writeTotals(histogram, labels, into: &bytes)
    }
  }

  private func writeBuckets(
    _ histogram: Histogram, _ labels: [UInt8], into bytes: inout [UInt8]
  ) {
    var count: UInt64 = 0
    for (index, le) in histogram.buckets.leTexts.enumerated() {
      count &+= histogram.counts[index]
      bytes.append(text: name)
      bytes.append(text: "_bucket")
      bytes.append(contentsOf: labels)
      bytes.append(text: labels.isEmpty ? "{le=\"" : ",le=\"")
      bytes.append(text: le)
      bytes.append(text: "\"} ")
      bytes.append(integer: count)
      if withExemplars, !histogram.exemplars.isEmpty, let exemplar = histogram.exemplars[index] {
        write(exemplar, into: &bytes)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
  }

  private func writeTotals(_ histogram: Histogram, _ labels: [UInt8], into bytes: inout [UInt8]) {
    let labelsEnd = labels.isEmpty ? " " : "} "
    bytes.append(text: name)
    bytes.append(text: "_sum")
    bytes.append(contentsOf: labels)
    bytes.append(text: labelsEnd)
    bytes.append(number: histogram.sum)
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(text: name)
    bytes.append(text: "_count")
    bytes.append(contentsOf: labels)
    bytes.append(text: labelsEnd)
    bytes.append(integer: histogram.counts.reduce(0, &+))
    bytes.append(UInt8(ascii: "\n"))
  }

  private func write(_ exemplar: Exemplar, into bytes: inout [UInt8]) {
    bytes.append(text: " # ")
    LabelNames(exemplar.labelNames).write(exemplar.labelValues, into: &bytes)
    bytes.append(text: exemplar.labelNames.isEmpty ? "{} " : "} ")
    bytes.append(number: exemplar.value)
    if let timestamp = exemplar.timestamp {
      bytes.append(UInt8(ascii: " "))
      bytes.append(number: timestamp)
    }
  }
}

/// Writes label sets of the same names.
private struct LabelNames {
  /// What stands before each value: `{store="`, then `",agent="`, and so on.
  private let openings: [String]

  init(_ names: [String]) {
    openings = names.enumerated().map { index, name in (index == 0 ? "{" : "\",") + name + "=\"" }
  }

  var isEmpty: Bool { openings.isEmpty }

  /// Writes the set up to its closing brace, so that `le` can follow; nothing if it is empty.
  func write(_ values: LabelValues, into bytes: inout [UInt8]) {
    guard !isEmpty else { return }
    for (opening, value) in zip(openings, values.texts) {
      bytes.append(text: opening)
      bytes.append(value, escaping: .backslashAndQuote)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
