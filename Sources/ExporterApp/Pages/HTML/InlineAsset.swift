/// A style sheet or a script of the exporter's own, with the hash that the policy of a page names.
///
/// It stands in the page: a page is one request, and a browser runs nothing but these bytes.
struct InlineAsset: Sendable {
  let text: String
  /// The source expression of the Content-Security-Policy, `'sha256-…'`.
  let source: String

  /// The hash is given because to compute it would load libcrypto: 2 MB, which nothing else on a page
  /// needs. A test compares the two.
  ///
  /// - Parameters:
  ///   - text: a constant of the program, which ends no element.
  ///   - hash: its SHA-256 in Base64.
  init(_ text: StaticString, hash: StaticString) {
    self.text = "\(text)"
    source = "'sha256-\(hash)'"
  }
}
