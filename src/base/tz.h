/* base/tz.h -- time zones, from the system's tzdata (RFC 8536 files), without libc's TZ.
 *
 * A zone is read once while the server is configured, never changes and may be used by any thread; a
 * conversion makes no system call. */
#ifndef CS_BASE_TZ_H
#define CS_BASE_TZ_H

#include "base/wall.h"

#include <apr_pools.h>

#define CS_TZ_ROOT "/usr/share/zoneinfo"

typedef struct cs_tz_t cs_tz_t;

/* The zone of that IANA name ("Europe/Oslo", "UTC"), living in the pool.  NULL when there is none or its file
 * cannot be used; *reason_out then says why. */
const cs_tz_t *cs_tz_load(apr_pool_t *pool, const char *name, const char **reason_out);

/* The two halves of cs_tz_load, for who reads many: the bytes of a zone's file, and the zone in them.  NULL
 * of the first is success. */
const char *cs_tz_read(apr_pool_t *pool, const char *name, const void **bytes_out, apr_size_t *len_out);
const cs_tz_t *cs_tz_decode(apr_pool_t *pool, const void *bytes, apr_size_t len, const char **reason_out);

/* How far the zone's clocks are east of Greenwich at that instant, in seconds. */
int cs_tz_offset(const cs_tz_t *tz, apr_int64_t unix_seconds);

/* What the zone's clocks show when a clock in Greenwich shows `utc`. */
cs_wall_t cs_tz_wall(const cs_tz_t *tz, cs_wall_t utc);

/* A reading below this is older than `span` microseconds, when Greenwich shows `utc`, also where the zone's
 * clocks leapt meanwhile or went back. */
cs_wall_t cs_tz_wall_before(const cs_tz_t *tz, cs_wall_t utc, apr_int64_t span);

/* What a clock in Greenwich shows when the zone's clocks show `wall`: the first time that they do, where they
 * do twice; a time that they leap over counts on from before the leap. */
cs_wall_t cs_tz_utc(const cs_tz_t *tz, cs_wall_t wall);

/* It always shows the time of Greenwich. */
int cs_tz_is_utc(const cs_tz_t *tz);

#endif
