#pragma once

#include <stdbool.h>

/// From now on until `milliseconds` have passed, ``linux_fcntl_for_readers`` refuses the locks of writers
/// in this thread.
void linux_refuse_writer_locks(long milliseconds);

/// Whether ``linux_fcntl_for_readers`` says from now on, in this thread, if a lock could be taken, and
/// takes none.
void linux_only_ask_for_locks(bool only);

/// The `fcntl` to give to SQLite's VFS `unix`, as `xSetSystemCall` takes it.
void (*linux_fcntl_for_readers(void))(void);
