extension [Double] {
  /// The bucket of `value`, if these are the ascending upper bounds of a histogram's buckets.
  ///
  /// A value equal to a bound lies below it. The last bucket, above all bounds, has the index `count`;
  /// NaN lies there, too.
  package func bucket(of value: Double) -> Int {
    let bounds = span
    var bucket = 0
    while bucket < bounds.count, !(value <= bounds[bucket]) { bucket += 1 }
    return bucket
  }
}
