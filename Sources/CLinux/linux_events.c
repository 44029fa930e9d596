// glibc declares ppoll(2) only with this.
#define _GNU_SOURCE

#include "linux_events.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>

int linux_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

bool linux_wait(int first, int second, int64_t nanoseconds) {
  struct pollfd descriptors[] = {
      {.fd = first, .events = POLLIN},
      {.fd = second, .events = POLLIN},
  };
  struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  int ready = ppoll(descriptors, 2, nanoseconds < 0 ? NULL : &limit, NULL);
  return ready > 0 && descriptors[0].revents != 0;
}
