#ifndef LINUX_EVENTS_H
#define LINUX_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

/// Creates an eventfd(2) that is closed by exec and never blocks. Returns -1 if the system has none left.
int linux_event(void);

/// Waits until one of two descriptors is readable. Either may be -1. A negative time waits forever.
/// Returns whether the first one is readable.
bool linux_wait(int first, int second, int64_t nanoseconds);

#endif
