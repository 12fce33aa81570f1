/* t/fuzz/time_zone.c -- any SO-TimeZone: it is refused with a reason, or there is a zone, whose name leads to
 * it again. */
#include "api/locale.h"
#include "fuzz.h"

static const cs_site_t *site(void)
{
    static cs_site_t made;

    if (!made.zones) {
        made.zones = cs_zones_load(fuzz_pool());
        made.locale.base_zone = cs_zones_find(made.zones, "Europe/Oslo", 11)->tz;
        made.base_zone_name = "Europe/Oslo";
    }
    return &made;
}

static void check_locale(cs_ctx_t *cx, const cs_locale_t *locale)
{
    cs_locale_headers_t again = {.so_time_zone = locale->zone_answer};

    if (!locale->zone_answer) {
        must(!locale->zone && !locale->offsets);
        return;
    }
    must(locale->zone);
    for (const char *c = locale->zone_answer; *c; c++) {
        must((unsigned char)*c > 0x20 && (unsigned char)*c < 0x7F);
    }
    must(!cs_locale_establish(cx, site(), &again));
    must(cx->locale->zone == locale->zone && cx->locale->offsets == locale->offsets);
    must(fuzz_same(cx->locale->zone_answer, locale->zone_answer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_ctx_t *cx = fuzz_ctx(pool);
    const char *text = fuzz_text(pool, data, size);
    cs_locale_headers_t sent = {.so_time_zone = text, .so_language = text, .accept_language = text};
    cs_error_t *error;

    cx->locale = &site()->locale;
    error = cs_locale_establish(cx, site(), &sent);
    if (error) {
        must(error->code == CS_E_TIME_ZONE);
        fuzz_must_be_told(error);
    }
    else {
        check_locale(cx, cx->locale);
    }
    apr_pool_destroy(pool);
    return 0;
}
