import ReflexiveCore

/// A text from outside with everything written out that shows nothing, or that changes how its
/// surroundings are shown: controls, directions, line ends.
///
/// - Parameter keepingLines: line feeds and tabs stay as they are.
func visible(_ text: String, keepingLines: Bool = false) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    let joins = scalar == "\u{200d}" || scalar == "\u{200c}"
    let stays = keepingLines && (scalar == "\n" || scalar == "\t") || joins && !shown.isEmpty
    if TextEscape.isHidden(scalar), !stays {
      shown.append(contentsOf: TextEscape.braces.number(of: scalar).unicodeScalars)
    } else {
      shown.append(scalar)
    }
  }
  return String(shown)
}

extension HTML {
  /// A name that somebody gave: as text that leaves the direction of its surroundings alone.
  static func name(_ name: String) -> HTML {
    let shown = visible(name)
    let isBlank = shown.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    return Tag.bdi { isBlank ? "\u{201c}\(shown)\u{201d}" : shown }
  }

  /// The name of an event, which a narrow screen breaks between its words.
  static func event(_ name: String) -> HTML {
    let words = visible(name).unicodeScalars.split(
      separator: "_", omittingEmptySubsequences: false)
    return Tag.bdi {
      for (index, word) in words.enumerated() {
        if index > 0 {
          "_"
          Tag.wordBreak()
        }
        String(word)
      }
    }
  }
}
