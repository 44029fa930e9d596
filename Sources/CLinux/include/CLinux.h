#include "linux_events.h"
#include "linux_files.h"
#include "linux_locks.h"
#include "linux_signals.h"
