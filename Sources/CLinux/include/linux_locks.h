#pragma once

#include <stdbool.h>

/// Makes ``linux_fcntl_for_readers`` refuse the locks of writers in this thread, until `milliseconds` have
/// passed.
void linux_refuse_writer_locks(long milliseconds);

/// Sets whether ``linux_fcntl_for_readers``, in this thread, only tells if a lock could be taken.
void linux_only_ask_for_locks(bool only);

/// The `fcntl` to give to SQLite's VFS `unix`, in the type that `xSetSystemCall` takes.
void (*linux_fcntl_for_readers(void))(void);
