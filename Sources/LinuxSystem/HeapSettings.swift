import CLinux

/// How much memory glibc's `malloc` keeps that nobody uses.
package enum HeapSettings {
  private static let heapCount: Int32 = 2
  private static let largeBuffer: Int32 = 128 << 10

  /// Keeps little. Call it before the first other thread allocates.
  ///
  /// By default, up to eight threads a core have a heap of their own, and what one of them has freed is of
  /// no use to the others. Most threads of this process wait, so two heaps are enough. A large buffer has
  /// memory of its own, which goes back to the kernel when it is freed. By default, the first one that is
  /// freed raises the size from which on that is so.
  package static func keepLittle() { linux_limit_heaps(heapCount, largeBuffer) }

  /// Gives free pages back that lie between others in use. It takes less than a millisecond.
  package static func giveBack() { linux_trim_heaps() }
}
