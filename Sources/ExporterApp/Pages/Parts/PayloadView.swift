import ReflexiveCore

/// A payload, indented and as it is stored.
struct PayloadView: Sendable {
  /// Bytes that a page shows of one payload.
  private static let shownBytes = 64 << 10

  let payload: [UInt8]?
  let rejection: Rejection?

  var html: HTML {
    HTML.joined {
      Tag.h2 { "Payload" }
      if let payload {
        if isJSON, payload.count <= Self.shownBytes {
          text("Indented", "indented", JSONIndenter.indent(payload))
        }
        text("As stored", "stored", Array(payload.prefix(Self.shownBytes)))
        if payload.count > Self.shownBytes {
          Tag.p {
            "These are the first \(sizeText(Int64(Self.shownBytes))) of "
            "\(sizeText(Int64(payload.count)))."
          }
        }
      } else {
        Tag.p { "The payload is NULL." }
      }
    }
  }

  private var isJSON: Bool {
    switch rejection {
    case .tooLarge, .invalidJSON, .notObject: false
    default: true
    }
  }

  private func text(_ title: String, _ id: String, _ bytes: [UInt8]) -> HTML {
    HTML.joined {
      Tag.h3(.id(id)) { title }
      Tag.pre(.tabIndex(0), .role("region"), .aria(.labelledBy, id)) {
        visible(String(decoding: bytes, as: UTF8.self), keepingLines: true)
      }
    }
  }
}

/// Puts JSON, which is taken to be valid, on a line a value.
enum JSONIndenter {
  static func indent(_ json: [UInt8]) -> [UInt8] {
    var indenter = State()
    for byte in json { indenter.take(byte) }
    return indenter.output
  }

  private struct State {
    var output: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// An object or array has begun, and nothing in it yet.
    private var isFresh = false

    mutating func take(_ byte: UInt8) {
      if isInString {
        output.append(byte)
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        return
      }
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth = max(0, depth - 1)
        if !isFresh { beginLine() }
        isFresh = false
        output.append(byte)
      default:
        if isFresh { beginLine() }
        isFresh = false
        open(byte)
      }
    }

    private mutating func open(_ byte: UInt8) {
      output.append(byte)
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        isFresh = true
      case UInt8(ascii: ","): beginLine()
      case UInt8(ascii: ":"): output.append(UInt8(ascii: " "))
      case UInt8(ascii: "\""): isInString = true
      default: break
      }
    }

    private mutating func beginLine() {
      output.append(UInt8(ascii: "\n"))
      // Deeper than anybody looks: 512 levels of blanks would be longer than what they hold.
      output += Array(repeating: UInt8(ascii: " "), count: 2 * min(depth, 40))
    }
  }
}
