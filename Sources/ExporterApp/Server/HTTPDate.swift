import Following
import Glibc
import ReflexiveCore
import Synchronization

/// The current time as HTTP writes it, `Fri, 27 Nov 2026 08:00:00 GMT`, made once for each second.
final class HTTPDate: Sendable {
  private let time: TimeSource
  private let latest = Mutex((second: Int.min, text: ""))

  init(_ time: TimeSource) { self.time = time }

  var text: String {
    let second = Int(time.wall().seconds.rounded(.down))
    return latest.withLock { latest in
      if latest.second != second { latest = (second, Self.text(second)) }
      return latest.text
    }
  }

  static func text(_ second: Int) -> String {
    var second = time_t(second)
    var parts = tm()
    gmtime_r(&second, &parts)
    let capacity = 64
    return String(unsafeUninitializedCapacity: capacity) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        // No locale is ever set, so the names are English.
        text.baseAddress.map { strftime($0, capacity, "%a, %d %b %Y %H:%M:%S GMT", &parts) } ?? 0
      }
    }
  }
}
