/* db/stmt.h -- the named statements: sql/stmt/ as a table. */
#ifndef CS_DB_STMT_H
#define CS_DB_STMT_H

typedef enum cs_stmt_id_t {
#define CS_STMT(id, name, rows, repeatable, carries_values, together, several, text) CS_STMT_##id,
#include "db/stmt_list.h" /* made from sql/stmt/ by build-aux/stmts.awk */
#undef CS_STMT
    CS_STMT_COUNT
} cs_stmt_id_t;

typedef struct cs_stmt_t {
    const char *name;
    int rows;       /* at most so many come back */
    int repeatable; /* may run again when its connection broke, because it changes nothing the second time */
    int carries_values; /* the client's, so that a value that does not fit is the client's fault */
    int together;       /* takes arrays, of an element per request, for several at once: db/asking.h */
    cs_stmt_id_t several; /* which of those does this for several: itself or another; CS_STMT_COUNT: none */
    const char *text;   /* with its markers still in it */
} cs_stmt_t;

extern const cs_stmt_t cs_stmt_table[CS_STMT_COUNT];

/* The schema version that the statements need, and the name of a migration, or NULL. */
extern const int cs_schema_needed;
const char *cs_schema_migration(int version);

#endif
