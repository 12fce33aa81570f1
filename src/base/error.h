/* base/error.h -- what went wrong: made once where it is noticed, passed up, rendered once.
 *
 * An error lives in the pool it was made in, normally the request's.  NULL is success.  The HTTP status is a
 * column of base/error_codes.h and comes from nowhere else. */
#ifndef CS_BASE_ERROR_H
#define CS_BASE_ERROR_H

#include <apr_pools.h>

typedef enum cs_code_t {
#define CS_CODE(name, status, wire, type, title) CS_E_##name,
#include "base/error_codes.h"
#undef CS_CODE
    CS_E_COUNT
} cs_code_t;

typedef struct cs_code_row_t {
    const char *name; /* as in CS_E_name */
    int status;
    const char *wire;  /* stable, machine-readable: "value.type" */
    const char *type;  /* ErrorType of the original API */
    const char *title; /* short, the same for every occurrence (RFC 9457) */
} cs_code_row_t;

typedef struct cs_error_t {
    cs_code_t code;
    const char *message;     /* one sentence for the client, safe to show */
    const char *field;       /* the property at fault, or NULL */
    const char *detail;      /* for the log only: SQLSTATE, constraint, cause; or NULL */
    struct cs_error_t *next; /* further faults found by the same check, or NULL */
} cs_error_t;

#define CS_CHECKED __attribute__((warn_unused_result))

#define CS_TRY(call)                    \
    do {                                \
        cs_error_t *try_error = (call); \
        if (try_error) {                \
            return try_error;           \
        }                               \
    } while (0)

/* The row of a code; never NULL. */
const cs_code_row_t *cs_code_row(cs_code_t code);

/* field and detail may be NULL; they are kept, not copied.  The message is formatted into the pool. */
cs_error_t *cs_error_make(apr_pool_t *pool, cs_code_t code, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same error with a detail for the log; the detail is kept, not copied. */
cs_error_t *cs_error_detail(cs_error_t *error, const char *detail);

/* Appends `fault` to the list that starts at *list. */
void cs_error_add(cs_error_t **list, cs_error_t *fault);

/* How many faults the list holds. */
int cs_error_count(const cs_error_t *list);

#endif
