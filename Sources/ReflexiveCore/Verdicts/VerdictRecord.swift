/// The JSON form of a verdict.
package struct VerdictRecord: Encodable, Hashable, Sendable {
  package var verdict: Verdict
  /// The page that shows it; `nil` where none is served.
  package var link: String?

  package init(_ verdict: Verdict, link: String? = nil) {
    self.verdict = verdict
    self.link = link
  }

  private enum CodingKeys: String, CodingKey {
    case store, indicator, subject, range, value, limit, comparison, samples, state, link
    case subjectKind = "subject_kind"
    case firstID = "first_id"
    case lastID = "last_id"
  }

  /// Encodes every member, with null for what is unknown.
  package func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(verdict.store, forKey: .store)
    try members.encode(verdict.indicator.rawValue, forKey: .indicator)
    try members.encode(verdict.subjectKind.rawValue, forKey: .subjectKind)
    try members.encode(verdict.subject.text, forKey: .subject)
    try members.encode(verdict.range, forKey: .range)
    try members.encode(verdict.value, forKey: .value)
    try members.encode(verdict.limit, forKey: .limit)
    try members.encode(verdict.comparison.rawValue, forKey: .comparison)
    try members.encode(verdict.samples, forKey: .samples)
    try members.encode(verdict.state.rawValue, forKey: .state)
    try members.encode(verdict.ids?.first, forKey: .firstID)
    try members.encode(verdict.ids?.last, forKey: .lastID)
    try members.encode(link, forKey: .link)
  }
}

extension Verdict.Value: Encodable {
  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .number(let number): try value.encode(number)
    case .text(let text): try value.encode(text)
    }
  }
}
