#include "api/query_string.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Decodes %XX and "+"; returns the length, or -1 at a malformed %. */
static apr_ssize_t decode(const char *s, apr_size_t len, char *out)
{
    char *to = out;

    for (apr_size_t i = 0; i < len; i++) {
        if (s[i] != '%') {
            *to++ = s[i] == '+' ? ' ' : s[i];
            continue;
        }
        if (len - i < 3 || hex_digit(s[i + 1]) < 0 || hex_digit(s[i + 2]) < 0) {
            return -1;
        }
        *to++ = (char)(hex_digit(s[i + 1]) << 4 | hex_digit(s[i + 2]));
        i += 2;
    }
    *to = '\0';
    return to - out;
}

cs_error_t *cs_query_get(apr_pool_t *pool, const char *query, const char *name, const char **value_out)
{
    *value_out = NULL;
    while (query && *query) {
        apr_size_t len = strcspn(query, "&");
        const char *equals = memchr(query, '=', len);
        apr_size_t name_len = equals ? (apr_size_t)(equals - query) : len;
        char *text = apr_palloc(pool, len + 1);
        apr_ssize_t text_len = decode(query, name_len, text);

        if (text_len >= 0 && cs_text_same(text, (apr_size_t)text_len, name, strlen(name))) {
            text_len = equals ? decode(equals + 1, len - name_len - 1, text) : decode("", 0, text);
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
