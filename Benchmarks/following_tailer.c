// The least that follows a table: inotify, `PRAGMA data_version` and one prepared statement.
//
//     following_tailer evidence.db
//
// It writes "ready" once it has read what is there. On SIGTERM it writes, a line for each row read
// after that, when the row was there: its id and seconds of the monotonic clock. It takes no care of
// writers, of replaced files or of anything else that the exporter has to take care of.

// ppoll(2) is declared only with this.
#define _GNU_SOURCE

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ROWS = 1 << 20 };

static volatile sig_atomic_t is_stopped;
static sqlite3_stmt *version, *rows;
static sqlite3_int64 last_version = -1, last_id;
static size_t count;
static struct seen {
  sqlite3_int64 id;
  double time;
} *seen;

static void stop(int signal) {
  (void)signal;
  is_stopped = 1;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/// Returns whether there were new rows.
static int look(void) {
  sqlite3_int64 found = last_version;
  if (sqlite3_step(version) == SQLITE_ROW)
    found = sqlite3_column_int64(version, 0);
  sqlite3_reset(version);
  if (found == last_version)
    return 0;
  size_t before = count;
  sqlite3_bind_int64(rows, 1, last_id);
  int code;
  while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
    last_id = sqlite3_column_int64(rows, 0);
    (void)sqlite3_column_text(rows, 1);
    (void)sqlite3_column_text(rows, 2);
    if (count < MOST_ROWS)
      seen[count++] = (struct seen){last_id, now()};
  }
  sqlite3_reset(rows);
  if (code == SQLITE_DONE)
    last_version = found;
  return count > before;
}

/// An event comes before the commit can be seen: looks again after 0.2, 0.4, 0.8 ... 25.6 ms.
static void follow(int events) {
  struct pollfd descriptor = {.fd = events, .events = POLLIN};
  char buffer[1 << 16];
  long wait = 0;
  while (!is_stopped) {
    struct timespec timeout = {.tv_nsec = wait};
    int ready = ppoll(&descriptor, 1, wait ? &timeout : NULL, NULL);
    if (ready > 0) {
      if (read(events, buffer, sizeof buffer) < 0)
        return;
      wait = 200000;
    } else if (ready == 0) {
      wait = wait < 25600000 ? wait * 2 : 0;
    }
    if (look())
      wait = 0;
  }
}

int main(int argc, char **argv) {
  sqlite3 *database;
  char directory[PATH_MAX];
  if (argc != 2 || strlen(argv[1]) >= sizeof directory)
    return 2;
  strcpy(directory, argv[1]);
  char *slash = strrchr(directory, '/');
  if (slash)
    *slash = 0;
  seen = malloc(sizeof *seen * MOST_ROWS);
  int events = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  const char *sql = "SELECT id, event, payload FROM evidence WHERE id > ? ORDER BY id";
  if (!seen ||
      inotify_add_watch(events, slash ? directory : ".",
                        IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_TO) < 0 ||
      sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2(database, "PRAGMA data_version", -1, &version, NULL) != SQLITE_OK ||
      sqlite3_prepare_v2(database, sql, -1, &rows, NULL) != SQLITE_OK)
    return 1;
  struct sigaction action = {.sa_handler = stop};
  sigaction(SIGTERM, &action, NULL);
  look();
  count = 0;
  puts("ready");
  fflush(stdout);
  follow(events);
  for (size_t index = 0; index < count; index++)
    printf("%lld %.9f\n", (long long)seen[index].id, seen[index].time);
  return 0;
}
