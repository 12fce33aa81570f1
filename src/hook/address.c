#include "hook/address.h"

#include <arpa/inet.h>
#include <string.h>

#define TEXT_MAX 46 /* of an IPv6 address, with its end */

static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};

cs_address_t cs_address_of_ipv4(const unsigned char bytes[4])
{
    cs_address_t address;

    memcpy(address.bytes, mapped, sizeof(mapped));
    memcpy(address.bytes + sizeof(mapped), bytes, 4);
    return address;
}

cs_address_t cs_address_of_ipv6(const unsigned char bytes[16])
{
    cs_address_t address;

    memcpy(address.bytes, bytes, sizeof(address.bytes));
    return address;
}

static int parse(const char *text, apr_size_t len, cs_address_t *address_out, int *is_ipv4_out)
{
    unsigned char bytes[16];
    char copy[TEXT_MAX];

    if (len >= sizeof(copy) || memchr(text, '\0', len)) {
        return 0;
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    *is_ipv4_out = inet_pton(AF_INET, copy, bytes) == 1;
    if (*is_ipv4_out) {
        *address_out = cs_address_of_ipv4(bytes);
        return 1;
    }
    if (inet_pton(AF_INET6, copy, bytes) == 1) {
        *address_out = cs_address_of_ipv6(bytes);
        return 1;
    }
    return 0;
}

int cs_address_parse(const char *text, apr_size_t len, cs_address_t *address_out)
{
    int is_ipv4;

    return parse(text, len, address_out, &is_ipv4);
}

/* ---------------- networks */

int cs_network_holds(const cs_network_t *network, const cs_address_t *address)
{
    int whole = network->bits / 8, rest = network->bits % 8;

    if (memcmp(network->base.bytes, address->bytes, (size_t)whole) != 0) {
        return 0;
    }
    return rest == 0 || (network->base.bytes[whole] ^ address->bytes[whole]) >> (8 - rest) == 0;
}

/* Whether all bits behind the network's length are 0. */
static int ends_in_zeros(const cs_network_t *network)
{
    int whole = network->bits / 8, rest = network->bits % 8;

    if (rest && (unsigned char)(network->base.bytes[whole] << rest)) {
        return 0;
    }
    for (int i = whole + (rest != 0); i < 16; i++) {
        if (network->base.bytes[i]) {
            return 0;
        }
    }
    return 1;
}

const char *cs_network_parse(const char *text, apr_size_t len, cs_network_t *network_out)
{
    const char *slash = memchr(text, '/', len);
    apr_size_t name = slash ? (apr_size_t)(slash - text) : len;
    int is_ipv4, most, bits = 0;

    if (!parse(text, name, &network_out->base, &is_ipv4)) {
        return "an address is four numbers like 192.0.2.1, or an IPv6 address without brackets";
    }
    most = is_ipv4 ? 32 : 128;
    if (!slash) {
        network_out->bits = 128;
        return NULL;
    }
    if (len - name - 1 < 1 || len - name - 1 > 3) {
        return "the length behind / is a number of bits";
    }
    for (const char *digit = slash + 1; digit < text + len; digit++) {
        if (*digit < '0' || *digit > '9') {
            return "the length behind / is a number of bits";
        }
        bits = bits * 10 + (*digit - '0');
    }
    if (bits > most) {
        return "the length behind / is at most 32 for IPv4 and 128 for IPv6";
    }
    network_out->bits = 128 - most + bits;
    return ends_in_zeros(network_out) ? NULL : "the address has bits behind the network's length";
}

/* ---------------- what is not public: IANA's special-purpose registries */

#define IPV4(a, b, c, d, length)                                \
    {                                                           \
        {{[10] = 0xFF, [11] = 0xFF, a, b, c, d}}, 96 + (length) \
    }
#define IPV6(length, ...)       \
    {                           \
        {{__VA_ARGS__}}, length \
    }

static const cs_network_t special[] = {
    IPV4(0, 0, 0, 0, 8),              /* this network */
    IPV4(10, 0, 0, 0, 8),             /* private */
    IPV4(100, 64, 0, 0, 10),          /* a provider's own */
    IPV4(127, 0, 0, 0, 8),            /* the machine itself */
    IPV4(169, 254, 0, 0, 16),         /* the link; metadata of clouds */
    IPV4(172, 16, 0, 0, 12),          /* private */
    IPV4(192, 0, 0, 0, 24),           /* protocols */
    IPV4(192, 0, 2, 0, 24),           /* documents */
    IPV4(192, 88, 99, 0, 24),         /* relays of old */
    IPV4(192, 168, 0, 0, 16),         /* private */
    IPV4(198, 18, 0, 0, 15),          /* measuring */
    IPV4(198, 51, 100, 0, 24),        /* documents */
    IPV4(203, 0, 113, 0, 24),         /* documents */
    IPV4(224, 0, 0, 0, 4),            /* multicast */
    IPV4(240, 0, 0, 0, 4),            /* reserved, broadcast */
    IPV6(23, 0x20, 0x01),             /* protocols, Teredo */
    IPV6(32, 0x20, 0x01, 0x0D, 0xB8), /* documents */
    IPV6(16, 0x20, 0x02),             /* 6to4 */
    IPV6(20, 0x3F, 0xFF),             /* documents */
};
#define SPECIAL (sizeof(special) / sizeof(special[0]))

static const cs_network_t ipv4 = IPV4(0, 0, 0, 0, 0);
static const cs_network_t unicast = IPV6(3, 0x20); /* all that is given out of IPv6 */
static const cs_network_t translated =
    IPV6(96, 0x00, 0x64, 0xFF, 0x9B); /* NAT64: the end is an IPv4 address */

int cs_address_is_public(const cs_address_t *address)
{
    if (cs_network_holds(&translated, address)) {
        cs_address_t inner = cs_address_of_ipv4(address->bytes + 12);

        return cs_address_is_public(&inner);
    }
    if (!cs_network_holds(&ipv4, address) && !cs_network_holds(&unicast, address)) {
        return 0;
    }
    for (apr_size_t i = 0; i < SPECIAL; i++) {
        if (cs_network_holds(&special[i], address)) {
            return 0;
        }
    }
    return 1;
}
