/// A number with what it counts: `1 row`, `2 rows`.
///
/// - Parameter noun: in the singular; its plural ends in s.
package func counted(_ count: Int, _ noun: String) -> String {
  "\(count) \(noun)\(count == 1 ? "" : "s")"
}
