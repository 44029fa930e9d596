/// A text from outside with everything written out that shows nothing, or that changes how its
/// surroundings are shown: controls, directions, line ends.
func visible(_ text: String) -> String {
  var shown = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      let joins = scalar == "\u{200d}" || scalar == "\u{200c}"
      if joins, shown.last != nil {
        shown.append(scalar)
      } else {
        shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
      }
    default: shown.append(scalar)
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
}
