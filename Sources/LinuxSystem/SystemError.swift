import Glibc

/// The `errno` of a system call that failed.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  package let number: Int32

  package init(number: Int32) { self.number = number }

  /// What open(2) says of a file over a limit.
  package static let fileTooLarge = SystemError(number: EFBIG)

  /// The error of the call that has just failed on this thread.
  static var latest: SystemError { SystemError(number: errno) }

  /// The text that strerror(3) gives.
  package var description: String { String(cString: strerror(number)) }
}
