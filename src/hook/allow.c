#include "hook/allow.h"

#include "base/text.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

#define HOST_MAX 253

/* Letters, digits, hyphens and underscores, in labels that are not empty. */
static int is_host_name(const char *text, apr_size_t len)
{
    if (len == 0 || len > HOST_MAX || text[0] == '.') {
        return 0;
    }
    for (apr_size_t i = 0; i < len; i++) {
        if (text[i] == '.' ? i + 1 == len || text[i + 1] == '.'
                           : !apr_isalnum(text[i]) && text[i] != '-' && text[i] != '_') {
            return 0;
        }
    }
    return 1;
}

/* "10.1" and "0x7f.1" are no names: some programs take them for addresses. */
static int looks_like_number(const char *text)
{
    const char *last = strrchr(text, '.');

    return apr_isdigit(last ? last[1] : text[0]);
}

static char *in_lower_case(char *text)
{
    for (char *at = text; *at; at++) {
        *at = (char)apr_tolower(*at);
    }
    return text;
}

const char *cs_allow_parse(apr_pool_t *pool, const char *text, cs_allow_t *entry_out)
{
    const char *name = strncmp(text, "*.", 2) == 0 ? text + 2 : text;
    const char *wrong;

    memset(entry_out, 0, sizeof(*entry_out));
    if (strchr(text, ':') || strchr(text, '/') || looks_like_number(text)) {
        wrong = cs_network_parse(text, strlen(text), &entry_out->network);
        return wrong ? apr_psprintf(pool, "'%s': %s", text, wrong) : NULL;
    }
    if (!is_host_name(name, strlen(name))) {
        return apr_psprintf(pool, "'%s' is no host name; one has neither scheme nor port nor path", text);
    }
    entry_out->name = in_lower_case(apr_pstrdup(pool, name == text ? text : text + 1));
    return NULL;
}

static int names(const cs_allow_t *entry, const char *host, apr_size_t len)
{
    apr_size_t size = strlen(entry->name);

    if (entry->name[0] != '.') {
        return cs_text_same(entry->name, size, host, len);
    }
    return len > size && cs_text_same(entry->name, size, host + len - size, size);
}

int cs_allow_host(const apr_array_header_t *list, const char *host)
{
    apr_size_t len = strlen(host);
    cs_address_t address;
    int is_address;

    if (len > 1 && host[0] == '[' && host[len - 1] == ']') {
        host++;
        len -= 2;
    }
    is_address = cs_address_parse(host, len, &address);
    if (!is_address && len && host[len - 1] == '.') {
        len--;
    }
    for (int i = 0; list && i < list->nelts; i++) {
        const cs_allow_t *entry = &APR_ARRAY_IDX(list, i, const cs_allow_t);

        if (entry->name ? !is_address && names(entry, host, len)
                        : is_address && cs_network_holds(&entry->network, &address)) {
            return 1;
        }
    }
    return 0;
}

int cs_allow_address(const apr_array_header_t *list, const cs_address_t *address)
{
    if (cs_address_is_public(address)) {
        return 1;
    }
    for (int i = 0; list && i < list->nelts; i++) {
        const cs_allow_t *entry = &APR_ARRAY_IDX(list, i, const cs_allow_t);

        if (!entry->name && cs_network_holds(&entry->network, address)) {
            return 1;
        }
    }
    return 0;
}
