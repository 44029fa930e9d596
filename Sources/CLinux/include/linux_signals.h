#ifndef LINUX_SIGNALS_H
#define LINUX_SIGNALS_H

#include <stdbool.h>

// Records SIGHUP, SIGTERM and SIGINT from now on, in place of their default action.
void linux_note_signals(void);

// Makes SIGTERM and SIGINT end the process with exit code 0, recorded ones included.
void linux_exit_on_termination(void);

// Restores the default action of the three signals, and raises recorded ones.
void linux_restore_signals(void);

// Returns whether the signal was recorded since the last call.
bool linux_take_noted_signal(int number);

#endif
