/* base/zones.h -- the time zones that a client may name.
 *
 * The catalogue is made once while the server is configured, never changes and may be used by any thread.  It
 * knows every zone of the system's tzdata by its IANA name, those that have a SuperOffice code also by that
 * and by its id, and countries with a single zone by their two letters. */
#ifndef CS_BASE_ZONES_H
#define CS_BASE_ZONES_H

#include "base/tz.h"

#include <apr_tables.h>

#define CS_ZONE_NAME_MAX 64 /* bytes; no name is longer */

/* A zone under one of its names, as the catalogue spells it. */
typedef struct cs_zone_t {
    const char *name;
    const cs_tz_t *tz;
} cs_zone_t;

/* A code that an administrator adds. */
typedef struct cs_zone_code_t {
    cs_zone_t zone; /* the code is its name */
    int id;         /* 0: none */
} cs_zone_code_t;

typedef struct cs_zones_t cs_zones_t;

cs_zones_t *cs_zones_load(apr_pool_t *pool);

/* The same with further codes, of cs_zone_code_t; they win over what the catalogue knows, later ones over
 * earlier. The catalogue itself when there are none. */
const cs_zones_t *cs_zones_add(apr_pool_t *pool, const cs_zones_t *zones, const apr_array_header_t *codes);

/* By name, code or id, without regard to case; NULL when there is none. */
const cs_zone_t *cs_zones_find(const cs_zones_t *zones, const char *name, apr_size_t len);

/* NULL, or what is wrong with it as a code. */
const char *cs_zone_code_check(const char *code);

/* The names of all zones, as const char *, for tests and tables. */
const apr_array_header_t *cs_zones_names(const cs_zones_t *zones);

#endif
