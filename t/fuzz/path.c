/* t/fuzz/path.c -- any path with every method: one meaning, whatever its letters, and the same for its
 * canonical form. */
#include "api/route.h"
#include "fuzz.h"
#include "handlers.h"

#include <strings.h>

static const cs_method_t methods[] = {CS_GET, CS_POST, CS_PUT, CS_PATCH, CS_DELETE, CS_OPTIONS, CS_OTHER};

static void must_be_same(apr_pool_t *pool, cs_method_t method, const char *path, const cs_match_t *expected)
{
    cs_match_t match;

    cs_route_find(pool, method, path, &match);
    must(match.methods == expected->methods);
    if (match.methods) {
        must(match.route == expected->route && match.id_fits == expected->id_fits);
        must(!match.id_fits || match.id == expected->id);
        must(strcasecmp(match.canonical, expected->canonical) == 0); /* a name stays as it is spelled */
        must(!match.name == !expected->name && (!match.name || strcasecmp(match.name, expected->name) == 0));
    }
}

static void check_match(apr_pool_t *pool, cs_method_t method, const char *path, const cs_match_t *match)
{
    const cs_error_t *error = cs_route_judge(pool, match);
    int known = match->methods != 0;

    must(known == (match->canonical != NULL));
    must(!match->route || (int)match->route->method == (int)method);
    must((match->route != NULL) == (known && method != CS_OPTIONS && (match->methods & (int)method)));
    must((error == NULL) == (match->route && match->id_fits));
    if (error) {
        must(error->code == (!known ? CS_E_ROUTE_UNKNOWN : !match->route ? CS_E_METHOD : CS_E_PATH_ID));
        fuzz_must_be_told(error);
    }
    if (known) {
        char *shouted = apr_pstrdup(pool, path);

        for (char *c = shouted; *c; c++) {
            *c = (char)(*c >= 'a' && *c <= 'z' ? *c - ('a' - 'A') : *c);
        }
        must(match->methods & CS_OPTIONS);
        must(!match->name || (*match->name && !strchr(match->name, '/')));
        must(strcmp(match->canonical, "/") == 0 ||
             (*match->canonical == '/' && match->canonical[strlen(match->canonical) - 1] != '/'));
        must(strlen(match->canonical) <= strlen(path));
        must(match->id >= INT32_MIN || !match->id_fits);
        must(match->id <= INT32_MAX || !match->id_fits);
        must_be_same(pool, method, match->canonical, match);
        must_be_same(pool, method, shouted, match);
        must_be_same(pool, method, apr_pstrcat(pool, path, "/", NULL), match);
        must(strstr(cs_route_allow(pool, match->methods), "OPTIONS"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    const char *path = *text == '/' ? text : apr_pstrcat(pool, "/", text, NULL);
    cs_match_t first;

    cs_route_find(pool, CS_OTHER, path, &first);
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        cs_match_t match;

        cs_route_find(pool, methods[i], path, &match);
        must(match.methods == first.methods && fuzz_same(match.canonical, first.canonical));
        check_match(pool, methods[i], path, &match);
    }
    cs_method_of(text);
    apr_pool_destroy(pool);
    return 0;
}
