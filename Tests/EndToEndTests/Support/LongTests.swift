import Foundation

/// The tests that repeat what they do: with `make test` some times, with `make test-long` as often as
/// something rare needs to show.
enum LongTests {
  static let areWanted = ProcessInfo.processInfo.environment["LONG_TESTS"] != nil
}
