import Glibc

/// A system call that failed, as a message for a log.
package struct SystemFailure: Error, Hashable, CustomStringConvertible {
  package var description: String

  package init(_ what: String, systemError: Int32) {
    description = "\(what): \(String(cString: strerror(systemError)))"
  }

  package init(_ what: String) { description = what }
}
