/// A bounded window of evidence time, ending now.
package struct Window: Hashable, Sendable {
  /// The value of the label `window`, as configured: `1h`.
  package var label: String
  /// Its length in seconds, greater than 0.
  package var length: Double

  package init(label: String, length: Double) {
    self.label = label
    self.length = length
  }

  /// The label of the window without bounds, served beside the configured ones.
  package static let allLabel = "all"

  package static let defaults = [
    Window(label: "1h", length: 3600),
    Window(label: "24h", length: 86_400),
    Window(label: "7d", length: 604_800),
  ]
}
