import Foundation

/// A real Chromium, without a window.
struct Browser {
  /// A page after its scripts, if it has any, have run.
  struct View {
    /// The document as HTML.
    var document: String
    /// What scripts, and refusals to run them, have written to the console.
    var console: [Substring]

    var title: Substring? { document.firstMatch(of: /<title>([^<]*)<\/title>/)?.1 }

    /// The names of its elements.
    var elements: Set<Substring> { Set(document.matches(of: /<([a-z0-9]+)/).map { $0.1 }) }
  }

  static func open(_ url: String) throws -> View {
    let profile = try ScratchDirectory()
    let tool = try Tool.run(
      "timeout",
      [
        "60", "chromium", "--headless", "--no-sandbox", "--disable-gpu",
        "--user-data-dir=\(profile.path)", "--enable-logging=stderr", "--dump-dom", url,
      ])
    guard tool.status == 0 else { throw Failure("chromium ended: \(tool.errors.suffix(1000))") }
    return View(
      document: tool.output,
      console: tool.errors.split(separator: "\n").filter { $0.contains(":CONSOLE") })
  }
}
