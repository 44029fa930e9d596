import ReflexiveCore

/// Prepares another's text for a message of one line: in quotes, cut to 80 characters, escaped.
package func quoted(_ text: String) -> String { quoted(text, limit: 80) }

/// Prepares a path for a message of one line: in quotes, as long as the system takes it, escaped.
package func quotedPath(_ path: String) -> String { quoted(path, limit: 4096) }

/// A text of somebody else's that a message repeats, escaped and cut like one in quotes.
package func abridged(_ text: String) -> String { escapedForOneLine(cut(text, to: 80)) }

private func cut(_ text: String, to limit: Int) -> String {
  let isLong = text.unicodeScalars.count > limit
  return isLong ? String(text.unicodeScalars.prefix(limit)) + "…" : text
}

private func quoted(_ text: String, limit: Int) -> String {
  "\"\(escapedForOneLine(cut(text, to: limit)))\""
}

/// Escapes everything in `text` that could end the line or the quotes, or change how a terminal
/// shows the rest.
package func escapedForOneLine(_ text: String) -> String { TextEscape.braces.escape(text) }
