import CLinux

/// How much unused memory glibc's `malloc` keeps.
package enum HeapSettings {
  private static let heapCount: Int32 = 2
  private static let largeBuffer: Int32 = 128 << 10

  /// Makes `malloc` keep little. Call it before another thread allocates.
  ///
  /// By default there are up to eight heaps per core, and memory that is free in one is of no use to the
  /// threads of another. Most threads of this process wait, so two heaps are enough. A large buffer has a
  /// mapping of its own, which returns to the kernel when it is freed. By default, freeing one raises the
  /// size from which on a buffer gets its own mapping. Source: mallopt(3).
  package static func keepLittle() { linux_limit_heaps(heapCount, largeBuffer) }

  /// Returns free pages between pages in use to the kernel. It takes less than a millisecond.
  package static func giveBack() { linux_trim_heaps() }
}
