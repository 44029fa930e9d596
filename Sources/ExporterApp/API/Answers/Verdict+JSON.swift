import ReflexiveCore

extension Verdict {
  /// - Parameter link: the address of the rows behind the verdict.
  func json(link: String?) -> JSON {
    [
      "store": .text(store), "indicator": .text(indicator.rawValue),
      "subject_kind": .text(subjectKind.rawValue), "subject": .text(subject.text),
      "range": .text(range), "value": value?.json ?? .null, "limit": limit.json,
      "comparison": .text(comparison.rawValue), "samples": .integer(ifKnown: samples),
      "state": .text(state.rawValue), "first_id": .integer(ifKnown: ids?.first),
      "last_id": .integer(ifKnown: ids?.last), "link": .text(ifKnown: link),
    ]
  }
}

extension Verdict.Value {
  fileprivate var json: JSON {
    switch self {
    case .number(let number): .number(number)
    case .text(let text): .text(text)
    }
  }
}
