// In C, because fcntl takes a variable number of arguments.
#include "linux_locks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <time.h>

// The lock of the writer, and the byte after all locks, which tells whether anybody has the file open. The
// first to open the file locks that byte, too. Source: "WAL-Index File Format", section 2.3, SQLite.
enum { write_lock = 120, open_lock = 128 };

// In milliseconds of the monotonic clock.
static _Thread_local long refuse_until;

static _Thread_local bool only_asks;

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool is_of_writers(int command, const struct flock *lock) {
  return command == F_SETLK && lock->l_type == F_WRLCK &&
         (lock->l_start == write_lock || lock->l_start == open_lock);
}

// Returns what F_SETLK would return, without taking or dropping a lock.
static int ask(int file, const struct flock *lock) {
  if (lock->l_type == F_UNLCK) return 0;
  struct flock found = *lock;
  if (fcntl(file, F_GETLK, &found) == -1) return -1;
  if (found.l_type == F_UNLCK) return 0;
  errno = EAGAIN;
  return -1;
}

static int fcntl_for_readers(int file, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  if (is_of_writers(command, argument) && now() < refuse_until) {
    errno = EAGAIN;
    return -1;
  }
  if (only_asks && command == F_SETLK) return ask(file, argument);
  return fcntl(file, command, argument);
}

void linux_only_ask_for_locks(bool only) { only_asks = only; }

void linux_refuse_writer_locks(long milliseconds) { refuse_until = now() + milliseconds; }

void (*linux_fcntl_for_readers(void))(void) { return (void (*)(void))fcntl_for_readers; }
