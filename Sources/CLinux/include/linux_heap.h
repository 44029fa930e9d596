#ifndef LINUX_HEAP_H
#define LINUX_HEAP_H

// `malloc` keeps at most `count` heaps, and gives buffers and ends of a heap of `size` bytes or more
// back to the kernel when they are freed.
void linux_limit_heaps(int count, int size);

// Gives free pages of all heaps back to the kernel.
void linux_trim_heaps(void);

#endif
