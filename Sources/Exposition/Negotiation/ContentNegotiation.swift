/// Chooses the format and the compression of a response by the headers of its request.
///
/// A client that accepts neither format gets the text format without compression, and no error.
package enum ContentNegotiation {
  /// The format that the Accept header prefers, by RFC 9110, section 12.5.1.
  ///
  /// The most specific range that matches a format gives its weight. Of two formats with the same
  /// weight, the one that is named more specifically wins, then the one that is named first: `*/*`
  /// alone gives text. Of the parameters only `version` matters: OpenMetrics is 1.0.0 and text is
  /// 0.0.4, or either without a version. A range with an unreadable weight is ignored.
  ///
  /// OpenMetrics 0.0.1 is not served, although client_golang serves it: clients that ask for it
  /// take text, too.
  ///
  /// - Parameter accept: the value of the header, with several lines joined by commas; `nil` if it
  ///   is missing.
  package static func negotiate(accept: String?) -> ExpositionFormat {
    var text = Preference()
    var openMetrics = Preference()
    for (position, range) in HeaderElements(accept ?? "").enumerated() {
      guard let weight = range.weight else { continue }
      text.consider(
        weight, specificity(of: range, for: "text", "plain", version: "0.0.4"), position)
      openMetrics.consider(
        weight, specificity(of: range, for: "application", "openmetrics-text", version: "1.0.0"),
        position)
    }
    return openMetrics.isPreferred(to: text) ? .openMetrics : .text
  }

  /// Whether to compress a response with gzip, by RFC 9110, section 12.5.3.
  ///
  /// It does so if the Accept-Encoding header gives `gzip` or its alias `x-gzip` a weight above 0
  /// that is not below that of `identity`. Without the header it does not, although the RFC would
  /// allow it.
  package static func acceptsGzip(_ header: String?) -> Bool {
    var gzip: Double?
    var identity: Double?
    var others: Double?
    for coding in HeaderElements(header ?? "") {
      guard let weight = coding.weight else { continue }
      switch coding.name {
      case "gzip", "x-gzip": gzip = max(gzip ?? 0, weight)
      case "identity": identity = max(identity ?? 0, weight)
      case "*": others = max(others ?? 0, weight)
      default: continue
      }
    }
    let weight = gzip ?? others ?? 0
    return weight > 0 && weight >= identity ?? others ?? 0
  }

  /// How specifically a media range names a format; `nil` if it does not match.
  private static func specificity(
    of range: HeaderElement, for type: String, _ subtype: String, version: String
  ) -> Int? {
    switch range.name {
    case "\(type)/\(subtype)":
      switch range.parameters["version"] {
      case version: 4
      case nil: 3
      default: nil
      }
    case "\(type)/*": 2
    case "*/*", "*": 1
    default: nil
    }
  }
}

/// The preference for one format, from the part of the header read so far.
private struct Preference {
  private var specificity = 0
  private var weight = 0.0
  private var position = Int.max

  mutating func consider(_ weight: Double, _ specificity: Int?, _ position: Int) {
    guard let specificity, (specificity, weight) > (self.specificity, self.weight) else { return }
    self.specificity = specificity
    self.weight = weight
    self.position = position
  }

  func isPreferred(to other: Preference) -> Bool {
    weight > 0
      && (weight, specificity, other.position) > (other.weight, other.specificity, position)
  }
}
