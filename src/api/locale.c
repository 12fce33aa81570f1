#include "api/locale.h"

#include "base/lang.h"
#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

#define INCLUDE_OFFSET "includeTZOffset"

/* ---------------- SO-TimeZone
 *
 *      header = word *( "," word )        word = zone / "includeTZOffset"
 *
 * each at most once, in any order and case, with blanks around them; empty words do not count
 */
typedef struct zone_request_t {
    const cs_zone_t *zone;
    int offsets;
} zone_request_t;

static const char *take_word(const char *at, const char **word_out, apr_size_t *len_out)
{
    at += strspn(at, " \t,");
    *word_out = at;
    *len_out = strcspn(at, ",");
    at += *len_out;
    while (*len_out && strchr(" \t", (*word_out)[*len_out - 1])) {
        --*len_out;
    }
    return at;
}

/* NULL, or what is wrong. */
static const char *parse_zone(const cs_zones_t *zones, const char *header, zone_request_t *request)
{
    const char *word;
    apr_size_t len;

    for (const char *at = take_word(header, &word, &len); len; at = take_word(at, &word, &len)) {
        if (cs_text_same(word, len, INCLUDE_OFFSET, strlen(INCLUDE_OFFSET))) {
            if (request->offsets) {
                return INCLUDE_OFFSET " is there twice";
            }
            request->offsets = 1;
            continue;
        }
        if (request->zone) {
            return "there is more than one zone";
        }
        request->zone = cs_zones_find(zones, word, len);
        if (!request->zone) {
            return "there is no such zone";
        }
    }
    return NULL;
}

static cs_error_t *establish_zone(cs_ctx_t *cx, const cs_site_t *site, const char *header,
                                  cs_locale_t *locale)
{
    zone_request_t request = {0};
    const char *wrong = parse_zone(site->zones, header, &request);

    if (wrong) {
        return cs_error_make(cx->pool, CS_E_TIME_ZONE, NULL,
                             "SO-TimeZone takes a zone like NO, US-NY, 261 or Europe/Oslo, then "
                             "\", " INCLUDE_OFFSET "\" or nothing: %s",
                             wrong);
    }
    if (!request.zone && !request.offsets) {
        return NULL;
    }
    locale->zone = request.zone ? request.zone->tz : locale->base_zone;
    locale->offsets = request.offsets;
    locale->zone_answer = apr_pstrcat(cx->pool, request.zone ? request.zone->name : site->base_zone_name,
                                      request.offsets ? "," INCLUDE_OFFSET : NULL, NULL);
    return NULL;
}

/* ---------------- languages */

/* SO-Language counts before Accept-Language, unless there is nothing to be read in it. */
static const cs_languages_t *languages_of(apr_pool_t *pool, const cs_locale_headers_t *headers)
{
    cs_languages_t languages;
    int found = 0;

    if (headers->so_language) {
        if (cs_languages_cancelled(headers->so_language)) {
            return NULL;
        }
        found = cs_languages_parse(headers->so_language, &languages);
    }
    if (!found && headers->accept_language) {
        found = cs_languages_parse(headers->accept_language, &languages);
    }
    return found ? apr_pmemdup(pool, &languages, sizeof(languages)) : NULL;
}

cs_error_t *cs_locale_establish(cs_ctx_t *cx, const cs_site_t *site, const cs_locale_headers_t *headers)
{
    cs_locale_t *locale;

    if (!headers->accept_language && !headers->so_language && !headers->so_time_zone) {
        return NULL;
    }
    locale = apr_pmemdup(cx->pool, &site->locale, sizeof(*locale));
    locale->languages = languages_of(cx->pool, headers);
    if (headers->so_time_zone) {
        CS_TRY(establish_zone(cx, site, headers->so_time_zone, locale));
    }
    cx->locale = locale;
    return NULL;
}
