import Exposition

/// Families with everything that an exposition can get wrong. The golden files hold their
/// encodings.
enum NastyFamilies {
  static let names: [(name: String, text: String)] = [
    ("plain", "critic"), ("empty", ""), ("space", " "), ("quote", "say \"hi\""),
    ("backslash", "C:\\new\\"), ("written line feed", "a\\nb"), ("line feed", "a\nb"),
    ("carriage return", "a\rb"), ("both", "a\r\nb\r\n"), ("nul", "a\u{0}b"),
    ("controls", "\u{1}\t\u{b}\u{c}\u{1f}\u{7f}\u{85}\u{9f}"), ("ansi", "\u{1b}[31mred\u{1b}[0m"),
    ("combined quote", "\"\u{301}"), ("combined backslash", "\\\u{301}"),
    ("combined line feed", "\n\u{301}"), ("composed", "é"), ("decomposed", "e\u{301}"),
    ("emoji", "👩‍👩‍👧‍👦"), ("replacement", "\u{fffd}"), ("byte order mark", "\u{feff}a"),
    ("separators", "\u{2028}\u{2029}\u{200b}"), ("noncharacters", "\u{ffff}\u{10ffff}"),
    ("syntax", "\"} 1 # {a=\"b\"} 2\n# EOF\n"), ("long", String(repeating: "long ", count: 200)),
  ]

  static func make() -> [MetricFamily] {
    [rows(), empty(), latest(), labelless(), scores(), durations()]
  }

  private static func rows() -> MetricFamily {
    var family = MetricFamily(
      MetricDescriptor(
        "reflexive_evidence_rows_total", help: "Rows read: \"all\" of them, \\ and\nmore.",
        type: .counter, labelNames: ["case", "event"]))
    for (name, text) in names { family.append([name, text], 7) }
    return family
  }

  private static func empty() -> MetricFamily {
    MetricFamily(
      MetricDescriptor(
        "reflexive_qsr_average", help: "Without metrics.", type: .gauge, labelNames: ["store"]))
  }

  private static func latest() -> MetricFamily {
    let values = [
      0, -0.0, 1, -1, 0.1, 0.30000000000000004, 1732550400.123456, 9_007_199_254_740_992,
      9_007_199_254_740_994, 1e21, 1e-7, -2.5, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      .infinity, -.infinity, .nan,
    ]
    var family = MetricFamily(
      MetricDescriptor(
        "reflexive_gate_last_evaluation_timestamp_seconds", help: "Every kind of number.",
        type: .gauge, unit: "seconds", labelNames: ["store"]))
    for value in values { family.append([value.description], value) }
    return family
  }

  private static func labelless() -> MetricFamily {
    var family = MetricFamily(
      MetricDescriptor(
        "process_cpu_seconds_total", help: "A unit before the suffix, and no labels.",
        type: .counter, unit: "seconds"))
    family.append([], 1.25)
    return family
  }

  private static func scores() -> MetricFamily {
    let buckets = HistogramBuckets([0.1, 0.5, 1.0])
    var family = MetricFamily(
      MetricDescriptor(
        "reflexive_qsr_score", help: "With exemplars.", type: .histogram,
        labelNames: ["store", "agent"]))
    family.append(
      ["evidence", "critic"],
      Histogram(
        buckets: buckets, counts: [1, 0, 2, 0], sum: 2.02,
        exemplars: [
          Exemplar(labels: ["evidence_id": "7"], value: 0.1, timestamp: 1732.5), nil,
          Exemplar(labels: ["evidence_id": "9"], value: 0.96), nil,
        ]))
    family.append(
      ["evidence", "\"\r\n\\"], Histogram(buckets: buckets, counts: [0, 0, 0, 0], sum: 0))
    return family
  }

  private static func durations() -> MetricFamily {
    var family = MetricFamily(
      MetricDescriptor(
        "reflexive_http_request_duration_seconds", help: "A histogram without labels.",
        type: .histogram, unit: "seconds"))
    family.append(
      [],
      Histogram(
        buckets: HistogramBuckets([0.00001, 0.001, 2.5, 5, 10, 60]),
        counts: [1, 2, 3, 4, 5, 6, 7], sum: 1e3,
        exemplars: [nil, nil, nil, nil, nil, nil, Exemplar(labels: [:], value: 61, timestamp: -1)]))
    return family
  }
}
