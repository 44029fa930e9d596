extension [Double] {
  /// The index of the bucket of `value`. The array holds the ascending upper bounds of a
  /// histogram's buckets.
  ///
  /// Bounds are inclusive. The last bucket, above all bounds, has the index `count` and also takes
  /// NaN.
  package func bucket(of value: Double) -> Int {
    let bounds = span
    var bucket = 0
    while bucket < bounds.count, !(value <= bounds[bucket]) { bucket += 1 }
    return bucket
  }
}
