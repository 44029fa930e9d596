/// Writes the sample lines of one family. Both formats have the same lines, except for exemplars.
struct SampleLines {
  private let family: MetricFamily
  private let name: [UInt8]
  private let withExemplars: Bool

  init(_ family: MetricFamily, withExemplars: Bool) {
    self.family = family
    name = Array(family.descriptor.name.utf8)
    self.withExemplars = withExemplars
  }

  func write(into bytes: inout [UInt8]) {
    for (index, number) in family.numbers.enumerated() {
      let labels = family.labelSets[index]
      bytes.append(contentsOf: name)
      bytes.append(contentsOf: labels)
      bytes.append(text: labels.isEmpty ? " " : "} ")
      bytes.append(number: number)
      bytes.append(UInt8(ascii: "\n"))
    }
    for (index, histogram) in family.histograms.enumerated() {
      write(histogram, family.labelSets[index], into: &bytes)
    }
  }

  private func write(
    _ histogram: Histogram, _ labels: ArraySlice<UInt8>, into bytes: inout [UInt8]
  ) {
    var opening = name
    opening.append(text: "_bucket")
    opening.append(contentsOf: labels)
    opening.append(text: labels.isEmpty ? "{le=\"" : ",le=\"")
    var count: UInt64 = 0
    for (index, le) in histogram.buckets.leTexts.enumerated() {
      count &+= histogram.counts[index]
      bytes.append(contentsOf: opening)
      bytes.append(text: le)
      bytes.append(text: "\"} ")
      bytes.append(integer: count)
      if withExemplars, !histogram.exemplars.isEmpty, let exemplar = histogram.exemplars[index] {
        write(exemplar, into: &bytes)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    writeOpening(of: "_sum", labels, into: &bytes)
    bytes.append(number: histogram.sum)
    bytes.append(UInt8(ascii: "\n"))
    writeOpening(of: "_count", labels, into: &bytes)
    bytes.append(integer: count)
    bytes.append(UInt8(ascii: "\n"))
  }

  private func writeOpening(
    of suffix: String, _ labels: ArraySlice<UInt8>, into bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: name)
    bytes.append(text: suffix)
    bytes.append(contentsOf: labels)
    bytes.append(text: labels.isEmpty ? " " : "} ")
  }

  private func write(_ exemplar: Exemplar, into bytes: inout [UInt8]) {
    bytes.append(text: " # ")
    bytes.append(contentsOf: exemplar.labelSet)
    bytes.append(UInt8(ascii: " "))
    bytes.append(number: exemplar.value)
    if let timestamp = exemplar.timestamp {
      bytes.append(UInt8(ascii: " "))
      bytes.append(number: timestamp)
    }
  }
}
