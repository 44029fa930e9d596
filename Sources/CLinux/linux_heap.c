// In C, because Swift's module for glibc has no <malloc.h>.
#include "linux_heap.h"

#include <malloc.h>

void linux_limit_heaps(int count, int size) {
  mallopt(M_ARENA_MAX, count);
  mallopt(M_MMAP_THRESHOLD, size);
  mallopt(M_TRIM_THRESHOLD, size);
}

void linux_trim_heaps(void) { malloc_trim(0); }
