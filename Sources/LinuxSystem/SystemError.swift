import Glibc

/// Why a call of the system failed, by its number.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  package let number: Int32

  package init(number: Int32) { self.number = number }

  /// The error of the call that has just failed on this thread.
  static var latest: SystemError { SystemError(number: errno) }

  /// In the system's words.
  package var description: String { String(cString: strerror(number)) }
}
