import ReflexiveCore

/// Annotations of a GitHub job, as workflow commands.
///
/// GitHub shows ten of a kind in a step and cuts a long one, both without notice.
extension CheckReport {
  private static let annotationLimit = 9
  /// In bytes.
  private static let lineLimit = 3_500

  var githubText: String {
    let annotations = self.annotations
    let isTooMany = annotations.count > Self.annotationLimit
    let shown = annotations.prefix(isTooMany ? Self.annotationLimit - 1 : Self.annotationLimit)
    var text = shown.map(\.line).joined()
    if let next = annotations.dropFirst(shown.count).first {
      let rest = Annotation(
        level: next.level, title: "more", message: "and \(annotations.count - shown.count) more")
      text += rest.line
    }
    return text + "reflexive-exporter check: \(summary)\n"
  }

  /// The annotations, the worst first.
  private var annotations: [Annotation] {
    let ofErrors = errors.map { error in
      Annotation(
        level: outcome(error) == .good ? .notice : .error, title: "not told",
        message: error.sentence)
    }
    let ofVerdicts = verdicts.filter { $0.verdict.state != .good && $0.counts }.map { checked in
      Annotation(
        level: outcome(checked) == .good ? .notice : .error, title: checked.stateText,
        message: "store \(lineText(checked.verdict.store)), \(checked.verdict.sentence)")
    }
    let all = ofErrors + ofVerdicts
    return all.filter { $0.level == .error } + all.filter { $0.level == .notice }
  }

  private struct Annotation {
    enum Level: String {
      case error, notice
    }

    var level: Level
    /// A fixed text, which needs no escaping.
    var title: String
    var message: String

    var line: String {
      var line = "::\(level.rawValue) title=reflexive-exporter check%3A \(title)::"
      let ellipsis = "…"
      // In a command, `%`, CR and LF stand for themselves only when they are escaped.
      for scalar in message.unicodeScalars {
        let piece: String =
          switch scalar {
          case "%": "%25"
          case "\r": "%0D"
          case "\n": "%0A"
          default: String(scalar)
          }
        guard line.utf8.count + piece.utf8.count + ellipsis.utf8.count < lineLimit else {
          return line + ellipsis + "\n"
        }
        line += piece
      }
      return line + "\n"
    }
  }
}
