/* base/val.h -- one value on its way to or from the database.
 *
 * A value with `set` 0 is SQL NULL but keeps its kind, so a statement's parameter types never depend on the
 * values of its first call.  Texts are not terminated, and belong to whoever made the value. */
#ifndef CS_BASE_VAL_H
#define CS_BASE_VAL_H

#include <apr.h>

typedef enum cs_kind_t {
    CS_K_INT,   /* i */
    CS_K_BOOL,  /* i, 0 or 1 */
    CS_K_REAL,  /* d */
    CS_K_TEXT,  /* s, len; UTF-8 */
    CS_K_TIME,  /* i, a cs_wall_t: base/wall.h */
    CS_K_SPAN,  /* i, a cs_span_t: base/span.h */
    CS_K_OTHER, /* came from the database in a type that no property has */
    CS_K_COUNT
} cs_kind_t;

typedef struct cs_val_t {
    cs_kind_t kind;
    int set;
    apr_size_t len;
    union {
        apr_int64_t i;
        double d;
        const char *s;
    } u;
} cs_val_t;

/* A column of a table, and what is read from it. */
typedef struct cs_column_t {
    const char *name;
    cs_kind_t kind;
} cs_column_t;

/* A column of a result row: a composite value opened into its cells, or a plain one as a single cell. */
typedef struct cs_record_t {
    const cs_val_t *cells;
    int count;
} cs_record_t;

static inline cs_val_t cs_val_int(apr_int64_t i)
{
    return (cs_val_t){.kind = CS_K_INT, .set = 1, .u.i = i};
}

static inline cs_val_t cs_val_text(const char *s, apr_size_t len)
{
    return (cs_val_t){.kind = CS_K_TEXT, .set = 1, .len = len, .u.s = s};
}

static inline cs_val_t cs_val_null(cs_kind_t kind)
{
    return (cs_val_t){.kind = kind};
}

#endif
