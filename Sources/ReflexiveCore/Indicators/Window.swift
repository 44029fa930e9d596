/// A window of evidence. Most windows end now and move with the clock.
package struct Window: Hashable, Sendable {
  /// The start of a window that does not move with the clock.
  package enum Start: Hashable, Sendable {
    /// Rows with an evidence time after this one, up to the moment of reading.
    case after(UnixTime)
    /// Rows with a higher id, including those without a readable time.
    case afterID(Int64)
  }

  /// The value of the label `window`, as configured: `1h`.
  package var label: String
  /// The length in seconds: greater than 0, or 0 for a window with a ``start``.
  package var length: Double
  package var start: Start?

  /// Creates a window that ends now and moves with the clock.
  package init(label: String, length: Double) {
    self.label = label
    self.length = length
  }

  /// Creates a window with a fixed start, for reading a store once. Evidence that is ahead of the
  /// clock at that moment is never in it.
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
