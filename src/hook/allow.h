/* hook/allow.h -- whom webhooks may be sent to: what an administrator lists.
 *
 * An entry is a host name, "*." and a domain for all hosts in it, an address, or a network.  A host must be
 * listed; an address that is not public must lie in a listed network besides, whatever name led to it.  Made
 * while the server is configured, read-only afterwards. */
#ifndef CS_HOOK_ALLOW_H
#define CS_HOOK_ALLOW_H

#include "hook/address.h"

#include <apr_tables.h>

typedef struct cs_allow_t {
    const char *name; /* in lower case; ".example.com" for all hosts in it; NULL: a network */
    cs_network_t network;
} cs_allow_t;

/* NULL, or what is wrong with the entry and what would be right. */
const char *cs_allow_parse(apr_pool_t *pool, const char *text, cs_allow_t *entry_out);

/* Of a URL, an IPv6 address with or without its brackets.  A NULL list is an empty one. */
int cs_allow_host(const apr_array_header_t *list, const char *host);
int cs_allow_address(const apr_array_header_t *list, const cs_address_t *address);

#endif
