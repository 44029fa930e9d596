import LinuxSystem

/// Reserves the last quarter of this process's descriptors for scrapes.
enum DescriptorBudget {
  /// - Throws: `io` if opening a store now could take one of the last quarter.
  static func checkSupply(for path: String) throws(StoreReadError) {
    guard let limit = OpenFileLimit.limitIfNearlyReached() else { return }
    throw StoreReadError(
      .io,
      """
      \(path): too few of \(limit) descriptors are left to open it; raise the limit \
      (LimitNOFILE= in the unit, or ulimit -n)
      """)
  }
}
