/* t/unit/checked.h -- a document judged against the session's rows: how the tests of it look at what comes of
 * it. */
#ifndef CS_TEST_CHECKED_H
#define CS_TEST_CHECKED_H

#include "base/span.h"
#include "base/tz.h"
#include "base/wall.h"
#include "model/check.h"
#include "support.h"
#include "tap.h"

#define ENTITY (&cs_session_entity)
#define MOST   64 /* more than any entity has writable rows */

static inline cs_ctx_t *ctx_in(apr_pool_t *pool, const cs_tz_t *zone)
{
    cs_locale_t *locale = apr_pcalloc(pool, sizeof(*locale));
    cs_ctx_t *cx = test_ctx(pool);

    locale->base_zone = zone;
    cx->locale = locale;
    return cx;
}

/* A value as text. */
static inline const char *shown(apr_pool_t *pool, const cs_val_t *value)
{
    static const char *const nulls[CS_K_COUNT] = {"no int",  "no bool", "no real", "no text",
                                                  "no time", "no span", "?"};
    char out[CS_WALL_MAX];

    if (!value->set) {
        return nulls[value->kind];
    }
    switch (value->kind) {
    case CS_K_INT:
        return apr_psprintf(pool, "%" APR_INT64_T_FMT, value->u.i);
    case CS_K_BOOL:
        return value->u.i == 1 ? "true" : value->u.i == 0 ? "false" : "neither";
    case CS_K_TEXT:
        return apr_psprintf(pool, "'%s'", apr_pstrmemdup(pool, value->u.s, value->len));
    case CS_K_TIME:
        return apr_pstrmemdup(pool, out, cs_wall_print(out, value->u.i));
    case CS_K_SPAN:
        return apr_pstrmemdup(pool, out, cs_span_print(out, value->u.i));
    case CS_K_REAL:
    case CS_K_OTHER:
    case CS_K_COUNT:
        break;
    }
    return "a kind that no property has";
}

/* "TopicId value.type, User/AssociateId value.range" */
static inline const char *faults_of(apr_pool_t *pool, const cs_error_t *error)
{
    const char *list = "";

    for (const cs_error_t *fault = error->next; fault; fault = fault->next) {
        list = apr_pstrcat(pool, list, *list ? ", " : "", fault->field ? fault->field : "nothing", " ",
                           code_of(fault), NULL);
    }
    return list;
}

/* Where the value of a property stands among those that are stored; -1 for none. */
static inline int place_of(const char *name)
{
    int place = 0;

    for (int i = 0; i < ENTITY->count; i++) {
        if (strcmp(ENTITY->fields[i].name, name) == 0) {
            return place;
        }
        place += (ENTITY->fields[i].flags & CS_F_WRITE) != 0;
    }
    return -1;
}

/* The two base zones; no test without them. */
static inline void load_zones(apr_pool_t *pool, const cs_tz_t **oslo_out, const cs_tz_t **utc_out)
{
    const char *reason = NULL;

    *oslo_out = cs_tz_load(pool, "Europe/Oslo", &reason);
    *utc_out = cs_tz_load(pool, "UTC", &reason);
    if (!*oslo_out || !*utc_out) {
        printf("Bail out! no tzdata: %s\n", reason);
        exit(1);
    }
}

#endif
