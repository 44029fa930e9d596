#ifndef LINUX_EVENTS_H
#define LINUX_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

/// Makes an eventfd(2) that is closed by exec and never blocks. Returns -1 where there is none.
int linux_event(void);

/// Waits until one of two descriptors can be read from, of which either may be -1, for so many
/// nanoseconds or, where they are negative, forever. Returns whether the first one can.
bool linux_wait(int first, int second, int64_t nanoseconds);

#endif
