// In C, because a handler may run nothing but async-signal-safe code (signal-safety(7)).
#include "linux_signals.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t noted[NSIG];

static void note(int number) { noted[number] = 1; }

static void end(int number) {
  (void)number;
  _exit(0);
}

static void handle(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  sigaction(number, &action, NULL);
}

// A parent may have blocked the signals, and a child inherits that.
static void unblock(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

void linux_note_signals(void) {
  handle(SIGHUP, note);
  handle(SIGTERM, note);
  handle(SIGINT, note);
  unblock();
}

void linux_exit_on_termination(void) {
  handle(SIGTERM, end);
  handle(SIGINT, end);
  if (noted[SIGTERM] || noted[SIGINT])
    _exit(0);
}

void linux_restore_signals(void) {
  const int numbers[] = {SIGHUP, SIGTERM, SIGINT};
  for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
    handle(numbers[index], SIG_DFL);
    if (linux_take_noted_signal(numbers[index]))
      raise(numbers[index]);
  }
}

bool linux_take_noted_signal(int number) {
  bool was_noted = noted[number];
  noted[number] = 0;
  return was_noted;
}
