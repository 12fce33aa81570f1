/* api/locale.h -- how this caller wants texts and times: his headers, judged. */
#ifndef CS_API_LOCALE_H
#define CS_API_LOCALE_H

#include "api/site.h"
#include "base/error.h"

/* As they were sent; NULL: not sent.  SO-Culture formats numbers and dates inside of texts, and no text of
 * ours holds any: it is accepted and has no effect. */
typedef struct cs_locale_headers_t {
    const char *accept_language, *so_language, *so_culture, *so_time_zone;
} cs_locale_headers_t;

/* Gives the context the locale that the headers ask for; without any it keeps the site's own.  TIME_ZONE when
 * SO-TimeZone names no zone; language headers never fail. */
cs_error_t *cs_locale_establish(cs_ctx_t *cx, const cs_site_t *site,
                                const cs_locale_headers_t *headers) CS_CHECKED;

#endif
