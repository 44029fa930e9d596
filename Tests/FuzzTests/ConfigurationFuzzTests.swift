import Foundation
import ReflexiveCore
import Testing

@testable import ConfigurationFiles

@Suite struct ConfigurationFuzzTests {
  private static let tokens = [
    "stores:", "- path: a.db", "name: x", "score_scale: 100", "objectives:", "qsr: 0.5", "agents:",
    "gates:", "subjects:", "windows: [1h]", "limits:", "label_values: 5", "payload_bytes: 1MiB",
    "retire_after: 1d", "\n", "\n  ", "\n    - ", ": ", "- ", "[", "]", "{", "}", ",", "#", "&a ",
    "*a", "!!str ", "<<: *a", "---", "...", "|\n", ">\n", "'", "\"", "\\x41", "~", "null", "NaN",
    "-1", "1e400", ".inf", "0x10", "99999999999999999999", "1h30m", "1y1y", "\t", "\r", "\u{85}",
    "\u{2028}", "\u{FEFF}", "%YAML 1.1\n", "? ", "é", "[[[[[[[[[[[[[[[[",
  ]
  @Test func anyFileIsAConfigurationOrAnErrorAtAPlaceInIt() throws {
    let fuzz = try Fuzz(
      "configuration", iterations: 4000, seeds: try Self.seeds, tokens: Self.tokens)
    var usable = 0
    let tried = try fuzz.run { input in
      do throws(ConfigurationError) {
        let configuration = try ExporterConfiguration.parse(yaml: input, file: "fuzz.yml")
        usable += 1
        return Self.problem(configuration)
      } catch {
        return Self.problem(error, in: input)
      }
    }
    #expect(tried / 100..<tried ~= usable, "\(usable) of \(tried) can be used")
  }

  /// The example file in pieces, so that mutations change something that matters.
  private static var seeds: [[UInt8]] {
    get throws {
      let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let file = root.appending(path: "deploy/reflexive-exporter.example.yml")
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        .filter { !$0.drop { $0 == " " }.hasPrefix("#") }
      let utf16 = "\u{feff}windows: [5m, 1h]\n".utf16.flatMap {
        [UInt8($0 & 0xff), UInt8($0 >> 8)]
      }
      let whole = lines.joined(separator: "\n")
      return ["", whole, "windows: [1h]\nretire_after: 1d\n", "a: &a [1]\nb: *a\n"]
        .map { Array($0.utf8) } + [utf16]
    }
  }

  private static func problem(_ configuration: ExporterConfiguration) -> String? {
    let shares = [
      configuration.objectives.qsr, configuration.objectives.consistency,
      configuration.objectives.rmm,
    ]
    guard shares.allSatisfy({ (0...1).contains($0) }) else { return "objectives \(shares)" }
    let lengths = configuration.windows.map(\.length) + [configuration.retireAfter ?? 1]
    guard lengths.allSatisfy({ $0 > 0 && $0.isFinite }), configuration.windows.count <= 10 else {
      return "durations \(lengths)"
    }
    guard (1...100_000).contains(configuration.limits.labelValues),
      (1 << 10...512 << 20).contains(configuration.limits.payloadBytes),
      configuration.stores.allSatisfy({ $0.scoreScale > 0 && $0.scoreScale.isFinite })
    else { return "limits \(configuration.limits)" }
    return nil
  }

  private static func problem(_ error: ConfigurationError, in input: [UInt8]) -> String? {
    let text = error.description
    let places = /fuzz\.yml:([0-9]+):([0-9]+): .+/.matchingSemantics(.unicodeScalar)
    guard let match = text.wholeMatch(of: places)?.output, let line = Int(match.1),
      let column = Int(match.2)
    else { return "the message is \(text.debugDescription)" }
    // Each of these bytes may be a line break of YAML 1.1, or the end of one.
    let breaks = input.count { [0x0A, 0x0D, 0x85, 0xA8, 0xA9, 0x28, 0x29].contains($0) }
    guard 1...breaks + 1 ~= line, 1...input.count + 1 ~= column else {
      return "the position in \(text) is not in the file"
    }
    let isPrintable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    return isPrintable ? nil : "the message is \(text.debugDescription)"
  }
}
