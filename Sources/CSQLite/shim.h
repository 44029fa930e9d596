#include <sqlite3.h>

/* Swift cannot call functions with a variable number of arguments.
   Source: SQLITE_DBCONFIG_DEFENSIVE, "Database Connection Configuration Options", SQLite. */
static inline int sqlite3_set_defensive(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

/* Source: SQLITE_DBCONFIG_WRITABLE_SCHEMA, same page. */
static inline int sqlite3_set_writable_schema(sqlite3 *db) {
  return sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, (int *)0);
}
