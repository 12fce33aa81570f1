/* base/ctx.h -- what everything that works for a request gets first.
 *
 * Made by the one who starts the work (httpd's door, a test) and valid as long as its pool; used by one
 * thread at a time. */
#ifndef CS_BASE_CTX_H
#define CS_BASE_CTX_H

#include <apr_pools.h>
#include <apr_time.h>

struct cs_languages_t;
struct cs_log_t;
struct cs_strings_t;
struct cs_tz_t;

/* Ceilings for what a client may send; all of them are directives. */
typedef struct cs_limits_t {
    apr_size_t body; /* bytes of a request body */
    int depth;       /* nesting of a document */
    int values;      /* values in a document, members and items included */
} cs_limits_t;

/* How texts and times are written for this caller. */
typedef struct cs_locale_t {
    const struct cs_tz_t *base_zone; /* the zone the stored times are in */
    const struct cs_tz_t *zone;      /* the caller's; NULL: none was asked for, times go as they are stored */
    int offsets;                     /* times go out with their offset */
    const char *zone_answer;         /* what SO-TimeZone says with the answer; NULL: it is not sent */
    const struct cs_languages_t *languages; /* NULL: texts go out as they are stored */
    const struct cs_strings_t *strings;     /* what resource ids stand for; or NULL */
} cs_locale_t;

/* Where the time of a request went, in microseconds; the pool and the executor add to it. */
typedef struct cs_meter_t {
    apr_interval_time_t waiting;  /* for a connection */
    apr_interval_time_t database; /* for PostgreSQL */
} cs_meter_t;

typedef struct cs_ctx_t {
    apr_pool_t *pool; /* lives exactly as long as the request */
    const struct cs_log_t *log;
    const cs_limits_t *limits;
    const cs_locale_t *locale;
    apr_time_t deadline; /* give up after this instant of base/clock.h */
    cs_meter_t meter;
} cs_ctx_t;

#endif
