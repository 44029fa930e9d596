#ifndef CPOSTGRES_H
#define CPOSTGRES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The functions of libpq that the exporter calls. The library is loaded when a store asks for it: to link
// it would load twenty libraries at every start. No header of libpq is needed; the declarations are those
// of "libpq - C Library" in the PostgreSQL documentation.

/// A connection, and the result of a statement.
typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

/// Loads libpq.so.5, once. Returns NULL, or why it cannot be loaded.
const char *pq_load(void);

PGconn *pq_connect_start(const char *const *keywords, const char *const *values);
/// Returns PGRES_POLLING_*.
int pq_connect_poll(PGconn *connection);
/// Returns CONNECTION_*.
int pq_connection_status(const PGconn *connection);
/// The server asked for a password, and there was none.
bool pq_needs_password(const PGconn *connection);
int pq_socket(const PGconn *connection);
const char *pq_error_message(const PGconn *connection);
/// Messages of errors begin with the SQLSTATE from now on, and notices are dropped.
void pq_prepare_messages(PGconn *connection);
void pq_finish(PGconn *connection);
/// Never NULL.
const char *pq_parameter(const PGconn *connection, const char *name);
int pq_server_version(const PGconn *connection);
/// Never NULL.
const char *pq_host(const PGconn *connection);
const char *pq_port(const PGconn *connection);
const char *pq_database(const PGconn *connection);

/// Sends a statement whose parameters are text, each with a NUL at its end, and whose results are binary,
/// row by row. Returns whether it could be.
bool pq_send(PGconn *connection, const char *statement, int count, const uint32_t *types,
             const char *texts);
bool pq_set_nonblocking(PGconn *connection);
/// 0 if all is sent, 1 if there is more to send, -1 on failure.
int pq_flush(PGconn *connection);
bool pq_consume(PGconn *connection);
bool pq_is_busy(PGconn *connection);
PGresult *pq_result(PGconn *connection);
/// Returns PGRES_*.
int pq_status(const PGresult *result);
/// A field of the error message, by its code; NULL where there is none.
const char *pq_error_field(const PGresult *result, int field);
int pq_rows(const PGresult *result);
bool pq_is_null(const PGresult *result, int row, int column);
const char *pq_value(const PGresult *result, int row, int column);
int pq_length(const PGresult *result, int row, int column);
void pq_clear(PGresult *result);

/// Waits for a descriptor until it can be read or written, another one can be read, or so many
/// milliseconds have passed. Returns 1, 2 where the other one can be read, or 0.
int pq_wait(int socket, bool for_reading, bool for_writing, int other, int milliseconds);

/// Returns the bytes received over a TCP connection so far; -1 for another kind of connection, or if the
/// system cannot tell.
int64_t pq_bytes_received(int socket);
/// Makes a wait for the socket of a TCP connection last until this many bytes can be read. Returns whether
/// the system can do that.
bool pq_set_least(int socket, int bytes);

enum {
  /// The most parameters of a statement.
  PQ_PARAMETERS = 8,
  PQ_POLLING_FAILED = 0,
  PQ_POLLING_READING = 1,
  PQ_POLLING_WRITING = 2,
  PQ_POLLING_OK = 3,
  PQ_CONNECTION_BAD = 1,
  PQ_CONNECTION_STARTED = 2,
  PQ_CONNECTION_TLS = 7,
  PQ_CONNECTION_NEEDED = 8,
  PQ_TUPLES_OK = 2,
  PQ_SINGLE_TUPLE = 9,
};

#endif
