/* t/fuzz/allow.c -- any entry of the list of receivers, and any host and address against it.
 *
 * The first line is an entry, the second a host; the whole input is taken for an address as well. */
#include "fuzz.h"
#include "hook/allow.h"

#include <apr_strings.h>
#include <string.h>

/* What an address is does not depend on its dress. */
static void must_be_itself(const char *text, apr_size_t len)
{
    cs_address_t address, again;
    cs_network_t network;

    if (!cs_address_parse(text, len, &address)) {
        return;
    }
    again = cs_address_of_ipv6(address.bytes);
    must(cs_address_is_public(&address) == cs_address_is_public(&again));
    must(!cs_network_parse(text, len, &network));
    must(network.bits == 128 && cs_network_holds(&network, &address));
    again.bytes[15] ^= 1;
    must(!cs_network_holds(&network, &again));
    must(!memchr(text, '/', len));
}

static void must_agree(apr_pool_t *pool, const cs_allow_t *entry, const char *host)
{
    apr_array_header_t *list = apr_array_make(pool, 1, sizeof(cs_allow_t));
    cs_address_t address;
    int is_address = cs_address_parse(host, strlen(host), &address), allowed;

    APR_ARRAY_PUSH(list, cs_allow_t) = *entry;
    allowed = cs_allow_host(list, host);
    must(!cs_allow_host(NULL, host));
    must(cs_allow_host(list, apr_pstrcat(pool, "[", host, "]", NULL)) >= (allowed && is_address));
    if (is_address) {
        must(allowed == (!entry->name && cs_network_holds(&entry->network, &address)));
        must(cs_allow_address(list, &address) == (cs_address_is_public(&address) || allowed));
    }
    else if (allowed && entry->name) {
        must(strlen(host) >= strlen(entry->name));
        must(strspn(entry->name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == strlen(entry->name));
    }
    /* A name of another domain never is. */
    must(!entry->name || !cs_allow_host(list, apr_pstrcat(pool, host, "x.invalid", NULL)) ||
         strstr(entry->name, ".invalid"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    const char *line = strchr(text, '\n');
    const char *first = line ? apr_pstrmemdup(pool, text, (apr_size_t)(line - text)) : text;
    cs_allow_t entry;

    must_be_itself(text, strlen(text));
    must_be_itself(first, strlen(first));
    if (!cs_allow_parse(pool, first, &entry)) {
        must(entry.name || (entry.network.bits >= 0 && entry.network.bits <= 128));
        must_agree(pool, &entry, line ? line + 1 : first);
    }
    apr_pool_destroy(pool);
    return 0;
}
