#ifndef LINUX_HEAP_H
#define LINUX_HEAP_H

// Makes `malloc` keep at most `count` heaps, and return freed buffers and heap ends of at least `size`
// bytes to the kernel.
void linux_limit_heaps(int count, int size);

// Returns the free pages of all heaps to the kernel.
void linux_trim_heaps(void);

#endif
