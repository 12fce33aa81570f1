/* hook/address.h -- IP addresses: which are everybody's, and networks of them.
 *
 * An IPv4 address is kept as the IPv6 address that stands for it (::ffff:a.b.c.d), so one that comes in that
 * dress is no other. */
#ifndef CS_HOOK_ADDRESS_H
#define CS_HOOK_ADDRESS_H

#include <apr.h>

typedef struct cs_address_t {
    unsigned char bytes[16];
} cs_address_t;

typedef struct cs_network_t {
    cs_address_t base;
    int bits; /* of the 128 that all its addresses share */
} cs_network_t;

cs_address_t cs_address_of_ipv4(const unsigned char bytes[4]);
cs_address_t cs_address_of_ipv6(const unsigned char bytes[16]);

/* a.b.c.d in four decimal numbers, or IPv6 without brackets or zone.  0: it is neither. */
int cs_address_parse(const char *text, apr_size_t len, cs_address_t *address_out);

/* Whether it is routed on the Internet and is one machine's: not private, not of the machine itself or of its
 * link, no multicast, none of the special ranges of IANA's registries, none that only wraps such a one. */
int cs_address_is_public(const cs_address_t *address);

/* An address, or address/length.  NULL, or what is wrong with it and what would be right. */
const char *cs_network_parse(const char *text, apr_size_t len, cs_network_t *network_out);
int cs_network_holds(const cs_network_t *network, const cs_address_t *address);

#endif
