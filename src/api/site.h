/* api/site.h -- one place where the API is served: its settings and what is prepared from them.
 *
 * Made while the server is configured, never changed after, shared by all threads. */
#ifndef CS_API_SITE_H
#define CS_API_SITE_H

#include "base/ctx.h"
#include "base/zones.h"
#include "db/db.h"
#include "model/rights.h"
#include "wire/media.h"

#include <apr_tables.h>

#define CS_SHAPES 15 /* the session, the topic, its agents, and what they refer to */

/* What is the same for every site, written once. */
typedef struct cs_constants_t {
    cs_shape_t shapes[CS_SHAPES];
    const char *sql[CS_STMT_COUNT];                         /* the statements, their markers filled */
    cs_parts_t parts[CS_PROPERTIES_COUNT][CS_FORMAT_COUNT]; /* rights, for each setting and format */
} cs_constants_t;

typedef struct cs_site_t {
    cs_limits_t limits;
    cs_locale_t locale;           /* of who asks for none */
    const cs_zones_t *zones;      /* that a client may ask for */
    const char *base_zone_name;   /* of locale.base_zone, as it was configured */
    int db_index;                 /* which of the child's databases is ours */
    apr_interval_time_t timeout;  /* for all that a request asks of the database */
    apr_interval_time_t patience; /* with a twin that is still running */
    apr_interval_time_t idempotency_ttl;
    int page_size, rows_max;                       /* of a list: without $top, and at most */
    int strict;                                    /* references must exist */
    int auto_enroll;                               /* an unknown user gets an associate */
    const char *root;                              /* "/crm/api/v1": where the API lies */
    int with_username, with_ticket, with_implicit; /* ways to log in that are on */
    int ticket_ttl;                       /* seconds from the last use of a ticket or session to its end */
    int ticket_max;                       /* live ones of each kind that a user may have */
    const apr_array_header_t *app_tokens; /* of const char *, digests; NULL: any application is as good */
    const cs_parts_t *parts;              /* CS_FORMAT_COUNT of them */
} cs_site_t;

/* In the pool, which lives as long as the sites. */
cs_error_t *cs_constants_make(apr_pool_t *pool, const cs_constants_t **constants_out) CS_CHECKED;

#endif
