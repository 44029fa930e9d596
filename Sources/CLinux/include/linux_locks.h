#pragma once

/// From now on until `milliseconds` have passed, ``linux_fcntl_for_readers`` refuses the locks of writers
/// in this thread.
void linux_refuse_writer_locks(long milliseconds);

/// The `fcntl` to give to SQLite's VFS `unix`, as `xSetSystemCall` takes it.
void (*linux_fcntl_for_readers(void))(void);
