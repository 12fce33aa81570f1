#include "api/query_string.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/* Whether it may be the name that is asked for: what is not escaped is told apart by its length and its first
 * bytes. */
static int may_be(const char *text, apr_size_t len, const char *name)
{
    return memchr(text, '%', len) || memchr(text, '+', len) || cs_text_same(text, len, name, strlen(name));
}

cs_error_t *cs_query_get(apr_pool_t *pool, const char *query, const char *name, const char **value_out)
{
    *value_out = NULL;
    while (query && *query) {
        apr_size_t len = strcspn(query, "&");
        const char *equals = memchr(query, '=', len);
        apr_size_t name_len = equals ? (apr_size_t)(equals - query) : len;
        int candidate = may_be(query, name_len, name);
        char *text = candidate ? apr_palloc(pool, len + 1) : NULL;
        apr_ssize_t text_len = candidate ? cs_text_unescape(query, name_len, text) : -1;

        if (text_len >= 0 && cs_text_same(text, (apr_size_t)text_len, name, strlen(name))) {
            text_len = equals ? cs_text_unescape(equals + 1, len - name_len - 1, text)
                              : cs_text_unescape("", 0, text);
            if (text_len < 0 || strlen(text) != (apr_size_t)text_len ||
                !cs_utf8_valid(text, (apr_size_t)text_len, NULL)) {
                return cs_error_make(pool, CS_E_QUERY, NULL,
                                     "the value of %s is not percent-encoded UTF-8 text", name);
            }
            *value_out = text;
        }
        query += len + (query[len] == '&');
    }
    return NULL;
}
