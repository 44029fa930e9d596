/// The type of a body, from its `Content-Type` header.
package struct MediaType: Hashable, Sendable {
  /// In lower case: `application/json`.
  package var name: String
  /// In lower case, without quotes; `nil` if there is none.
  package var charset: String?

  /// - Returns: `nil` for a header without a type, or with more than one.
  package init?(_ header: String) {
    var elements = HeaderElements(header)
    guard let element = elements.next(), elements.next() == nil else { return nil }
    name = element.name
    charset = element.parameters["charset"]
  }
}
