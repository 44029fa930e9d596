/// A window of evidence, which most often ends now and moves with the clock.
package struct Window: Hashable, Sendable {
  /// Where a window begins that does not move with the clock.
  package enum Start: Hashable, Sendable {
    /// Rows with an evidence time after this, up to the moment at which they are read.
    case after(UnixTime)
    /// Rows with a higher id, also those without a readable time.
    case afterID(Int64)
  }

  /// The value of the label `window`, as configured: `1h`.
  package var label: String
  /// Its length in seconds, greater than 0; 0 where it has a start of its own.
  package var length: Double
  package var start: Start?

  /// A window that ends now, whenever that is.
  package init(label: String, length: Double) {
    self.label = label
    self.length = length
  }

  /// A window with a fixed start. It is for reading a store once, at one moment: evidence that lies
  /// ahead of the clock then is never in it.
  package init(label: String, start: Start) {
    self.label = label
    length = 0
    self.start = start
  }

  /// The label of the window without bounds, served beside the configured ones.
  package static let allLabel = "all"

  package static let defaults = [
    Window(label: "1h", length: 3600),
    Window(label: "24h", length: 86_400),
    Window(label: "7d", length: 604_800),
  ]
}
