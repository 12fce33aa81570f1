/* t/unit/query_string.c -- parameters after the "?". */
#include "api/query_string.h"
#include "support.h"
#include "tap.h"

#define MALFORMED "query.malformed"

static const struct {
    const char *query;
    const char *value; /* of $select; NULL: not there */
    const char *code;
} cases[] = {
    /* not there */
    {NULL, NULL, ""},
    {"", NULL, ""},
    {"&", NULL, ""},
    {"=", NULL, ""},
    {"select=a", NULL, ""},
    {"$selec=a", NULL, ""},
    {"$selects=a", NULL, ""},
    {"$$select=a", NULL, ""},
    {"x=$select", NULL, ""},
    {"x=$select=a", NULL, ""},
    {"=$select", NULL, ""},
    {" $select=a", NULL, ""},
    {"%2524select=a", NULL, ""},
    {"$select%00=a", NULL, ""},
    {"$select%=a", NULL, ""},
    {"$select%3Da", NULL, ""},
    {"$select;x=a", NULL, ""},
    /* there */
    {"$select=a", "a", ""},
    {"$SELECT=a", "a", ""},
    {"$Select=A", "A", ""},
    {"%24select=a", "a", ""},
    {"%24%73elect=a", "a", ""},
    {"x=1&$select=a&y=2", "a", ""},
    {"&&$select=a&&", "a", ""},
    {"$select=", "", ""},
    {"$select", "", ""},
    {"$select&x=1", "", ""},
    {"$select==a", "=a", ""},
    {"$select=a=b", "a=b", ""},
    {"$select=a%26b%3Dc", "a&b=c", ""},
    {"$select=a,b", "a,b", ""},
    {"$select=a;b", "a;b", ""},
    {"$select=a+b%20c%2Bd", "a b c+d", ""},
    {"$select=%61%62%2f%2F", "ab//", ""},
    {"$select=%2561", "%61", ""},
    {"$select=?$select", "?$select", ""},
    {"$select=bl%C3%A5", "bl\xC3\xA5", ""},
    {"$select=bl\xC3\xA5", "bl\xC3\xA5", ""},
    {"$select=%F0%9F%98%80", "\xF0\x9F\x98\x80", ""},
    {"$select=%0A%7F", "\n\x7F", ""},
    /* of several the last */
    {"$select=a&$select=b", "b", ""},
    {"$select=a&x=1&%24SELECT=b", "b", ""},
    {"$select=a&$select=", "", ""},
    {"$select=a&$select", "", ""},
    /* another parameter's faults do not matter */
    {"x=%&$select=a", "a", ""},
    {"x=%zz&$select=a&y=%FF", "a", ""},
    {"%=1&%z=2&$select=a", "a", ""},
    /* malformed */
    {"$select=%", NULL, MALFORMED},
    {"$select=%2", NULL, MALFORMED},
    {"$select=%2&x=1", NULL, MALFORMED},
    {"$select=a%2", NULL, MALFORMED},
    {"$select=%zz", NULL, MALFORMED},
    {"$select=%2g", NULL, MALFORMED},
    {"$select=%g2", NULL, MALFORMED},
    {"$select=%%20", NULL, MALFORMED},
    {"$select=%u0041", NULL, MALFORMED},
    {"$select=% 41", NULL, MALFORMED},
    {"$select=%-1", NULL, MALFORMED},
    {"$select=%00", NULL, MALFORMED},
    {"$select=a%00b", NULL, MALFORMED},
    {"$select=a%00", NULL, MALFORMED},
    {"$select=%FF", NULL, MALFORMED},
    {"$select=%C3", NULL, MALFORMED},
    {"$select=%C0%80", NULL, MALFORMED},
    {"$select=%ED%A0%80", NULL, MALFORMED},
    {"$select=\xFF", NULL, MALFORMED},
    {"$select=a&$select=%", NULL, MALFORMED},
};

static void test_cases(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *value = "left over";
        cs_error_t *error = cs_query_get(pool, cases[i].query, "$select", &value);
        const char *shown = cases[i].query ? cases[i].query : "no query";

        is(code_of(error), cases[i].code, "%s: is it well-formed", shown);
        if (!error) {
            is(value, cases[i].value, "%s: $select", shown);
        }
    }
}

static void test_names(apr_pool_t *pool)
{
    const char *value;

    ok(!cs_query_get(pool, "$top=1&$skip=2&$orderby=x", "$orderBy", &value) && strcmp(value, "x") == 0,
       "the name that is asked for matches without regard to case, too");
    ok(!cs_query_get(pool, "$top=1&$skip=2", "$skip", &value) && strcmp(value, "2") == 0,
       "each name finds its own value");
    ok(cs_query_get(pool, "$top=%", "$top", &value) &&
           strstr(cs_query_get(pool, "$top=%", "$top", &value)->message, "$top"),
       "the message names the parameter");
}

/* Every byte, escaped: what is not UTF-8 alone is refused, the rest comes back. */
static void test_every_escape(apr_pool_t *pool)
{
    int wrong = 0;

    for (int c = 0; c < 256; c++) {
        const char *value = NULL;
        cs_error_t *error = cs_query_get(pool, apr_psprintf(pool, "$select=%%%02X", c), "$select", &value);

        if (c == 0 || c > 0x7F) {
            wrong += !error;
        }
        else {
            wrong += error || value[0] != (char)c || value[1] != '\0';
        }
    }
    is_int(wrong, 0, "every escaped byte is decoded, or refused where it is no text");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_cases(pool);
    test_names(pool);
    test_every_escape(pool);
    return done();
}
