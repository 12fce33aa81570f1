/* t/fuzz/query.c -- any query string: a value is text or refused, and what is encoded comes back. */
#include "api/query_string.h"
#include "fuzz.h"

#define NAME "$select"

/* Every byte as %XX. */
static const char *encoded(apr_pool_t *pool, const char *text)
{
    static const char hex[] = "0123456789aBcDeF";
    char *out = apr_palloc(pool, 3 * strlen(text) + 1), *to = out;

    for (; *text; text++) {
        *to++ = '%';
        *to++ = hex[(unsigned char)*text >> 4];
        *to++ = hex[(unsigned char)*text & 15];
    }
    *to = '\0';
    return out;
}

static void must_be(apr_pool_t *pool, const char *query, const char *expected)
{
    const char *value = NULL;

    must(cs_query_get(pool, query, NAME, &value) == NULL);
    must(fuzz_same(value, expected));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *query = fuzz_text(pool, data, size);
    const char *value = NULL;
    cs_error_t *error = cs_query_get(pool, query, NAME, &value);

    if (error) {
        must(error->code == CS_E_QUERY);
        fuzz_must_be_told(error);
    }
    else {
        must(!value || cs_utf8_valid(value, strlen(value), NULL));
        must(!value || strlen(value) <= strlen(query));
        must_be(pool, apr_pstrcat(pool, query, "&", NULL), value);
        must_be(pool, apr_pstrcat(pool, "&", query, NULL), value);
        must_be(pool, apr_pstrcat(pool, query, "&x=%zz", NULL), value);
        must_be(pool, apr_pstrcat(pool, query, "&%24SeLeCt=last", NULL), "last");
        if (value) {
            must_be(pool, apr_pstrcat(pool, NAME "=", encoded(pool, value), NULL), value);
        }
    }
    if (cs_utf8_valid(query, strlen(query), NULL)) {
        must_be(pool, apr_pstrcat(pool, encoded(pool, NAME), "=", encoded(pool, query), NULL), query);
    }
    must(cs_query_get(pool, NULL, NAME, &value) == NULL && !value);
    apr_pool_destroy(pool);
    return 0;
}
