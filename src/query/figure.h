/* query/figure.h -- what may stand in $select beside a column's name: functions of columns.
 *
 *      item     = value *( ( ":" / "," ) modifier )
 *      value    = column / part / figure "(" ( column / part ) ")"
 *      part     = "DatePart" "(" column ")" ":" unit
 *      figure   = "GroupBy" / "Count" / "CountAll" / "Sum" / "Avg" / "Median" / "Percent"
 *      modifier = "Header" / "Footer" / "HideDetail" / level, of a figure
 */
#ifndef CS_QUERY_FIGURE_H
#define CS_QUERY_FIGURE_H

#include "base/error.h"
#include "query/archive.h"

#include <apr_tables.h>

#define CS_LEVELS_MAX 9  /* groups in each other */
#define CS_GROUPS_MAX 12 /* GroupBy in one list */

typedef enum cs_figure_t {
    CS_FIGURE_NONE,
    CS_FIGURE_GROUP,
    CS_FIGURE_COUNT,     /* different values */
    CS_FIGURE_COUNT_ALL, /* values */
    CS_FIGURE_SUM,
    CS_FIGURE_AVG,
    CS_FIGURE_MEDIAN,
    CS_FIGURE_PERCENT, /* of the sum of all */
    CS_FIGURE_TYPES
} cs_figure_t;

/* What DatePart takes of a date: "@" in its SQL is the time, on the caller's clock. */
typedef struct cs_unit_t {
    const char *name;
    cs_kind_t kind;
    const char *sql;
} cs_unit_t;

/* One item of $select. */
typedef struct cs_item_t {
    cs_listed_t listed;
    const char *text; /* as it was written, without blanks around it */
    apr_size_t len;
    const cs_unit_t *part; /* NULL: the column itself */
    cs_figure_t figure;
    int hide, header, footer; /* modifiers */
    int level;                /* of a group, from 1 */
} cs_item_t;

/* What the figures of a list have in common. */
typedef struct cs_groups_t {
    int levels;              /* 0: figures of all sessions alone */
    unsigned header, footer; /* bits by level */
    int details;             /* sessions stand between them */
    int total;               /* a grand total is wanted */
} cs_groups_t;

/* The next item of a list: from *at on, which moves behind it; 0 at the end.  A comma before a modifier does
 * not part.  Blanks around the item do not belong to it. */
int cs_item_next(const char **at, const char **text_out, apr_size_t *len_out);

/* NULL in item_out->listed.column: a plain name that is no column.  SELECT_COLUMN for what is no item. */
cs_error_t *cs_item_parse(apr_pool_t *pool, const char *text, apr_size_t len, cs_item_t *item_out) CS_CHECKED;

/* What the item's value is: before its figure, and in a row of the answer. */
cs_kind_t cs_item_argument(const cs_item_t *item);
cs_kind_t cs_item_kind(const cs_item_t *item);

#endif
