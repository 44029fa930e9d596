import LinuxSystem

/// The descriptors of this process, of which stores leave some to those who ask for the metrics.
enum DescriptorBudget {
  /// - Throws: if a store that is opened now could take the last quarter of them.
  static func checkSupply(for path: String) throws(StoreReadError) {
    guard let limit = OpenFileLimit.limitIfNearlyReached() else { return }
    throw StoreReadError(
      .io,
      """
      \(path): of \(limit) descriptors too few are left to open it; raise the limit \
      (LimitNOFILE= of the unit, or ulimit -n)
      """)
  }
}
