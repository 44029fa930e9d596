import Glibc

/// The `errno` of a system call that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  package let number: Int32

  package init(number: Int32) { self.number = number }

  /// The error for a file over a limit, as in open(2).
  package static let fileTooLarge = SystemError(number: EFBIG)

  /// The error of the call that has just failed on this thread.
  static var latest: SystemError { SystemError(number: errno) }

  /// The text of strerror(3).
  package var description: String { String(cString: strerror(number)) }
}
