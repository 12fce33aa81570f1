/* t/unit/locale.c -- the headers of a request, and the locale that comes of them. */
#include "api/locale.h"
#include "base/lang.h"
#include "support.h"
#include "tap.h"

static cs_site_t site;

static const cs_tz_t *tz_of(const char *name)
{
    const cs_zone_t *zone = cs_zones_find(site.zones, name, strlen(name));

    return zone ? zone->tz : NULL;
}

/* ---------------- SO-TimeZone */

static const struct {
    const char *rule, *header, *answer, *zone; /* answer NULL: refused; "": as without the header */
    int offsets;
} headers[] = {
    {"TZ-13", "NO", "NO", "Europe/Oslo", 0},
    {"TZ-13", "no", "NO", "Europe/Oslo", 0},
    {"TZ-13", "261", "NO", "Europe/Oslo", 0},
    {"TZ-13", " US-NY ", "US-NY", "America/New_York", 0},
    {"TZ-13", "us-ny, includetzoffset", "US-NY,includeTZOffset", "America/New_York", 1},
    {"TZ-13", "US-NY,includeTZOffset", "US-NY,includeTZOffset", "America/New_York", 1},
    {"TZ-13", "US-NY\t,\tINCLUDETZOFFSET\t", "US-NY,includeTZOffset", "America/New_York", 1},
    {"TZ-13", "includeTZOffset,US-NY", "US-NY,includeTZOffset", "America/New_York", 1},
    {"TZ-13", "europe/paris", "Europe/Paris", "Europe/Paris", 0},
    {"TZ-7", "includeTZOffset", "Europe/Oslo,includeTZOffset", "Europe/Oslo", 1},
    {"TZ-7", ", includetzoffset", "Europe/Oslo,includeTZOffset", "Europe/Oslo", 1},
    {"TZ-3", "", "", NULL, 0},
    {"TZ-3", " ", "", NULL, 0},
    {"TZ-3", ",,", "", NULL, 0},
    {"TZ-12", "XX-YY", NULL, NULL, 0},
    {"TZ-12", "XX-YY, includeTZOffset", NULL, NULL, 0},
    {"TZ-12", "4711", NULL, NULL, 0},
    {"TZ-12", "-261", NULL, NULL, 0},
    {"TZ-12", "NO US-NY", NULL, NULL, 0},
    {"TZ-12", "NO;includeTZOffset", NULL, NULL, 0},
    {"TZ-12", "NO,US-NY", NULL, NULL, 0},
    {"TZ-12", "NO,NO", NULL, NULL, 0},
    {"TZ-12", "NO,includeTZOffset,includeTZOffset", NULL, NULL, 0},
    {"TZ-12", "includeTZOffsets", NULL, NULL, 0},
    {"TZ-12", "+01:00", NULL, NULL, 0},
    {"TZ-12", "../../../etc/passwd", NULL, NULL, 0},
    {"TZ-12", "\"NO\"", NULL, NULL, 0},
    {"TZ-12", "N\xC3\x98\x01", NULL, NULL, 0},
};

static void test_zones(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        cs_locale_headers_t sent = {.so_time_zone = headers[i].header};
        cs_ctx_t *cx = test_ctx(pool);
        cs_error_t *error;

        cx->locale = &site.locale;
        error = cs_locale_establish(cx, &site, &sent);
        if (!headers[i].answer) {
            is(code_of(error), "header.time-zone", "%s: '%s' is refused", headers[i].rule, headers[i].header);
            ok(error && strstr(error->message, "SO-TimeZone takes a zone like NO"),
               "and told what would be right");
            ok(cx->locale == &site.locale, "and changes nothing");
            continue;
        }
        is(code_of(error), "", "%s: '%s' is taken", headers[i].rule, headers[i].header);
        is(cx->locale->zone_answer, *headers[i].answer ? headers[i].answer : NULL, "what the answer says");
        ok(cx->locale->zone == (headers[i].zone ? tz_of(headers[i].zone) : NULL), "its zone");
        is_int(cx->locale->offsets, headers[i].offsets, "its offsets");
    }
}

/* ---------------- languages: vectors of section 14.2 and the order of the headers */

static const struct {
    const char *rule, *accept, *so, *shown;
} vectors[] = {
    {"LANG-1", NULL, NULL, "raw"},        {"LANG-2", "nb", NULL, "Ja"},
    {"LANG-2", "nb", "de", "Jawohl"},     {"LANG-2", NULL, "nb", "Ja"},
    {"LANG-2", "nb", "fr, de", "Jawohl"}, {"LANG-3", "nb", "x", "raw"},
    {"LANG-3", "nb", "X", "raw"},         {"LANG-3", "nb", "*", "raw"},
    {"LANG-3", "nb", "", "raw"},          {"LANG-3", "nb", "-", "raw"},
    {"LANG-4", "*", NULL, "raw"},         {"LANG-4", "*/*", NULL, "raw"},
    {"LANG-6", "nb", "!?", "Ja"}, /* nothing to be read: as if absent */
    {"LANG-6", "nb", "de;q=0", "Ja"},     {"LANG-6", "fr,de;q=0.8", NULL, "Jawohl"},
    {"LANG-6", "", NULL, "raw"},          {"ML-5", "sv", NULL, "Yes"},
};

#define TEXT "US:\"Yes\";NO:\"Ja\";GE:\"Jawohl\""

static void test_languages(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(vectors); i++) {
        cs_locale_headers_t sent = {.accept_language = vectors[i].accept, .so_language = vectors[i].so};
        cs_ctx_t *cx = test_ctx(pool);
        const char *text = TEXT;
        apr_size_t len = strlen(text);

        is(code_of(cs_locale_establish(cx, &site, &sent)), "", "language headers never fail");
        if (cx->locale->languages) {
            cs_lang_translate(pool, cx->locale->languages, NULL, &text, &len);
        }
        is(len == strlen(TEXT) ? "raw" : apr_pstrmemdup(pool, text, len), vectors[i].shown,
           "%s: Accept-Language %s, SO-Language %s", vectors[i].rule,
           vectors[i].accept ? vectors[i].accept : "not sent", vectors[i].so ? vectors[i].so : "not sent");
    }
}

static void test_nothing(apr_pool_t *pool)
{
    cs_locale_headers_t none = {0}, culture = {.so_culture = "nb-NO"};
    cs_ctx_t *cx = test_ctx(pool);

    cx->locale = &site.locale;
    ok(!cs_locale_establish(cx, &site, &none) && cx->locale == &site.locale,
       "TZ-3: without headers the site's own locale serves, without a copy");
    ok(!cs_locale_establish(cx, &site, &culture) && cx->locale == &site.locale,
       "LANG-7: SO-Culture alone changes nothing");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    site.zones = cs_zones_load(pool);
    if (!tz_of("NO")) {
        skip("there is no tzdata below " CS_TZ_ROOT);
        return done();
    }
    site.locale.base_zone = tz_of("NO");
    site.base_zone_name = "Europe/Oslo";
    test_zones(pool);
    test_languages(pool);
    test_nothing(pool);
    return done();
}
