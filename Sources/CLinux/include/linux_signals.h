#ifndef LINUX_SIGNALS_H
#define LINUX_SIGNALS_H

#include <stdbool.h>

// From now on SIGHUP, SIGTERM and SIGINT are noted and do nothing else.
void linux_note_signals(void);

// SIGTERM and SIGINT end the process with exit code 0, also those that were noted.
void linux_exit_on_termination(void);

// The three signals have their default action, also those that were noted.
void linux_restore_signals(void);

// Whether the signal was noted since this was last asked.
bool linux_take_noted_signal(int number);

#endif
