/* fuzz.h -- what the fuzz targets share: a pool for each input, contexts, and invariants that end the
 * process.
 *
 * A target takes any bytes and may assume nothing of them; what it finds wrong it tells by must(). */
#ifndef CS_T_FUZZ_H
#define CS_T_FUZZ_H

#include "base/ctx.h"
#include "base/error.h"
#include "base/text.h"
#include "base/tz.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert(): it must not go away with NDEBUG. */
#define must(truth)                                                                   \
    do {                                                                              \
        if (!(truth)) {                                                               \
            fprintf(stderr, "%s:%d: must be true: %s\n", __FILE__, __LINE__, #truth); \
            abort();                                                                  \
        }                                                                             \
    } while (0)

/* The pool of one input; the caller destroys it. */
static inline apr_pool_t *fuzz_pool(void)
{
    static int started;
    apr_pool_t *pool = NULL;

    if (!started) {
        must(apr_initialize() == APR_SUCCESS);
        started = 1;
    }
    must(apr_pool_create(&pool, NULL) == APR_SUCCESS);
    return pool;
}

/* The zone of the stored times, loaded once. */
static inline const cs_tz_t *fuzz_zone(void)
{
    static const cs_tz_t *zone;
    const char *reason = NULL;

    if (!zone) {
        zone = cs_tz_load(fuzz_pool(), "Europe/Oslo", &reason);
        must(zone);
    }
    return zone;
}

static inline cs_ctx_t *fuzz_ctx(apr_pool_t *pool)
{
    static const cs_limits_t limits = {.body = 1024 * 1024, .depth = 32, .values = 20000};
    cs_locale_t *locale = apr_pcalloc(pool, sizeof(*locale));
    cs_ctx_t *cx = apr_pcalloc(pool, sizeof(*cx));

    locale->base_zone = fuzz_zone();
    cx->pool = pool;
    cx->limits = &limits;
    cx->locale = locale;
    return cx;
}

/* The input as a terminated text, up to its first U+0000. */
static inline const char *fuzz_text(apr_pool_t *pool, const uint8_t *data, size_t size)
{
    return apr_pstrmemdup(pool, (const char *)data, size);
}

/* What every error that a client can cause must be. */
static inline void fuzz_must_be_told(const cs_error_t *error)
{
    must(error->code < CS_E_COUNT);
    must(cs_code_row(error->code)->status >= 400 && cs_code_row(error->code)->status < 500);
    must(error->message && *error->message);
    must(cs_utf8_valid(error->message, strlen(error->message), NULL));
    for (const char *c = error->message; *c; c++) {
        must((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
}

static inline int fuzz_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

#endif
