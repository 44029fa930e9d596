#include "CPostgres.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

typedef void (*notice_receiver)(void *, const PGresult *);

static struct {
  PGconn *(*PQconnectStartParams)(const char *const *, const char *const *, int);
  int (*PQconnectPoll)(PGconn *);
  int (*PQstatus)(const PGconn *);
  int (*PQconnectionNeedsPassword)(const PGconn *);
  int (*PQsocket)(const PGconn *);
  char *(*PQerrorMessage)(const PGconn *);
  int (*PQsetErrorVerbosity)(PGconn *, int);
  notice_receiver (*PQsetNoticeReceiver)(PGconn *, notice_receiver, void *);
  void (*PQfinish)(PGconn *);
  const char *(*PQparameterStatus)(const PGconn *, const char *);
  int (*PQserverVersion)(const PGconn *);
  char *(*PQhost)(const PGconn *);
  char *(*PQport)(const PGconn *);
  char *(*PQdb)(const PGconn *);
  int (*PQsendQueryParams)(PGconn *, const char *, int, const uint32_t *, const char *const *,
                           const int *, const int *, int);
  int (*PQsetSingleRowMode)(PGconn *);
  int (*PQsetnonblocking)(PGconn *, int);
  int (*PQflush)(PGconn *);
  int (*PQconsumeInput)(PGconn *);
  int (*PQisBusy)(PGconn *);
  PGresult *(*PQgetResult)(PGconn *);
  int (*PQresultStatus)(const PGresult *);
  char *(*PQresultErrorField)(const PGresult *, int);
  int (*PQntuples)(const PGresult *);
  int (*PQgetisnull)(const PGresult *, int, int);
  char *(*PQgetvalue)(const PGresult *, int, int);
  int (*PQgetlength)(const PGresult *, int, int);
  void (*PQclear)(PGresult *);
} pq;

static const char *load_failure;
static pthread_once_t load_once = PTHREAD_ONCE_INIT;

#define SYMBOL(name) {#name, (void **)&pq.name}

static void load(void) {
  static const struct {
    const char *name;
    void **place;
  } symbols[] = {
      SYMBOL(PQconnectStartParams), SYMBOL(PQconnectPoll), SYMBOL(PQstatus), SYMBOL(PQsocket),
      SYMBOL(PQconnectionNeedsPassword),
      SYMBOL(PQerrorMessage), SYMBOL(PQsetErrorVerbosity), SYMBOL(PQsetNoticeReceiver),
      SYMBOL(PQfinish), SYMBOL(PQparameterStatus), SYMBOL(PQserverVersion), SYMBOL(PQhost),
      SYMBOL(PQport), SYMBOL(PQdb), SYMBOL(PQsendQueryParams), SYMBOL(PQsetSingleRowMode),
      SYMBOL(PQsetnonblocking), SYMBOL(PQflush), SYMBOL(PQconsumeInput), SYMBOL(PQisBusy),
      SYMBOL(PQgetResult), SYMBOL(PQresultStatus), SYMBOL(PQresultErrorField), SYMBOL(PQntuples),
      SYMBOL(PQgetisnull), SYMBOL(PQgetvalue), SYMBOL(PQgetlength), SYMBOL(PQclear),
  };
  void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    load_failure = "libpq.so.5 cannot be loaded";
    return;
  }
  for (size_t index = 0; index < sizeof symbols / sizeof symbols[0]; index++) {
    *symbols[index].place = dlsym(library, symbols[index].name);
    if (*symbols[index].place == NULL) {
      load_failure = "libpq.so.5 is too old";
      return;
    }
  }
}

const char *pq_load(void) {
  pthread_once(&load_once, load);
  return load_failure;
}

static const char *text(const char *text) { return text == NULL ? "" : text; }

PGconn *pq_connect_start(const char *const *keywords, const char *const *values) {
  return pq.PQconnectStartParams(keywords, values, 0);
}

int pq_connect_poll(PGconn *connection) { return pq.PQconnectPoll(connection); }

int pq_connection_status(const PGconn *connection) { return pq.PQstatus(connection); }

bool pq_needs_password(const PGconn *connection) {
  return pq.PQconnectionNeedsPassword(connection);
}

int pq_socket(const PGconn *connection) { return pq.PQsocket(connection); }

const char *pq_error_message(const PGconn *connection) {
  return text(pq.PQerrorMessage(connection));
}

static void drop_notice(void *argument, const PGresult *result) {
  (void)argument;
  (void)result;
}

void pq_prepare_messages(PGconn *connection) {
  const int verbose = 2;
  pq.PQsetErrorVerbosity(connection, verbose);
  pq.PQsetNoticeReceiver(connection, drop_notice, NULL);
}

void pq_finish(PGconn *connection) { pq.PQfinish(connection); }

const char *pq_parameter(const PGconn *connection, const char *name) {
  return text(pq.PQparameterStatus(connection, name));
}

int pq_server_version(const PGconn *connection) { return pq.PQserverVersion(connection); }
const char *pq_host(const PGconn *connection) { return text(pq.PQhost(connection)); }
const char *pq_port(const PGconn *connection) { return text(pq.PQport(connection)); }
const char *pq_database(const PGconn *connection) { return text(pq.PQdb(connection)); }

bool pq_send(PGconn *connection, const char *statement, int count, const uint32_t *types,
             const char *texts) {
  const int binary = 1;
  const char *values[PQ_PARAMETERS];
  if (count > PQ_PARAMETERS) return false;
  for (int index = 0; index < count; index++) {
    values[index] = texts;
    texts += strlen(texts) + 1;
  }
  return pq.PQsendQueryParams(connection, statement, count, types, values, NULL, NULL, binary) &&
         pq.PQsetSingleRowMode(connection);
}

bool pq_set_nonblocking(PGconn *connection) { return pq.PQsetnonblocking(connection, 1) == 0; }
int pq_flush(PGconn *connection) { return pq.PQflush(connection); }
bool pq_consume(PGconn *connection) { return pq.PQconsumeInput(connection); }
bool pq_is_busy(PGconn *connection) { return pq.PQisBusy(connection); }
PGresult *pq_result(PGconn *connection) { return pq.PQgetResult(connection); }
int pq_status(const PGresult *result) { return pq.PQresultStatus(result); }

const char *pq_error_field(const PGresult *result, int field) {
  return pq.PQresultErrorField(result, field);
}

int pq_rows(const PGresult *result) { return pq.PQntuples(result); }

bool pq_is_null(const PGresult *result, int row, int column) {
  return pq.PQgetisnull(result, row, column);
}

const char *pq_value(const PGresult *result, int row, int column) {
  return pq.PQgetvalue(result, row, column);
}

int pq_length(const PGresult *result, int row, int column) {
  return pq.PQgetlength(result, row, column);
}

void pq_clear(PGresult *result) { pq.PQclear(result); }

int pq_wait(int socket, bool for_reading, bool for_writing, int other, int milliseconds) {
  struct pollfd descriptors[] = {
      {socket, (short)((for_reading ? POLLIN : 0) | (for_writing ? POLLOUT : 0)), 0},
      {other, POLLIN, 0},
  };
  int ready = poll(descriptors, 2, milliseconds);
  if (ready < 0) return errno == EINTR ? 1 : 0;
  if (descriptors[1].revents != 0) return 2;
  return descriptors[0].revents != 0 ? 1 : 0;
}
