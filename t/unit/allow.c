/* t/unit/allow.c -- whom webhooks may be sent to: addresses by IANA's registries, entries of the list, hosts.
 */
#include "hook/allow.h"
#include "support.h"
#include "tap.h"

static const struct {
    const char *text;
    int parsed, is_public;
} addresses[] = {
    {"8.8.8.8", 1, 1},
    {"1.1.1.1", 1, 1},
    {"9.255.255.255", 1, 1},
    {"11.0.0.0", 1, 1},
    {"100.63.255.255", 1, 1},
    {"100.128.0.0", 1, 1},
    {"126.255.255.255", 1, 1},
    {"128.0.0.1", 1, 1},
    {"172.15.255.255", 1, 1},
    {"172.32.0.0", 1, 1},
    {"192.167.255.255", 1, 1},
    {"192.169.0.0", 1, 1},
    {"198.17.255.255", 1, 1},
    {"198.20.0.0", 1, 1},
    {"223.255.255.255", 1, 1},
    {"2a00:1450:4001::1", 1, 1},
    {"2001:200::1", 1, 1},
    {"::ffff:8.8.8.8", 1, 1},
    {"64:ff9b::808:808", 1, 1},
    {"0.0.0.0", 1, 0},
    {"0.1.2.3", 1, 0},
    {"10.0.0.0", 1, 0},
    {"10.255.255.255", 1, 0},
    {"100.64.0.0", 1, 0},
    {"100.127.255.255", 1, 0},
    {"127.0.0.1", 1, 0},
    {"127.255.255.254", 1, 0},
    {"169.254.169.254", 1, 0},
    {"172.16.0.1", 1, 0},
    {"172.31.255.255", 1, 0},
    {"192.0.0.1", 1, 0},
    {"192.0.2.1", 1, 0},
    {"192.88.99.1", 1, 0},
    {"192.168.0.1", 1, 0},
    {"198.18.0.1", 1, 0},
    {"198.19.255.255", 1, 0},
    {"198.51.100.7", 1, 0},
    {"203.0.113.7", 1, 0},
    {"224.0.0.1", 1, 0},
    {"239.255.255.255", 1, 0},
    {"240.0.0.1", 1, 0},
    {"255.255.255.255", 1, 0},
    {"::", 1, 0},
    {"::1", 1, 0},
    {"::8.8.8.8", 1, 0},
    {"::ffff:127.0.0.1", 1, 0},
    {"::ffff:a00:1", 1, 0},
    {"::ffff:0:8.8.8.8", 1, 0},
    {"64:ff9b::7f00:1", 1, 0},
    {"64:ff9b::a9fe:a9fe", 1, 0},
    {"64:ff9b:1::808:808", 1, 0},
    {"100::1", 1, 0},
    {"2001::1", 1, 0},
    {"2001:1ff::1", 1, 0},
    {"2001:db8::1", 1, 0},
    {"2002:7f00:1::", 1, 0},
    {"2002:808:808::", 1, 0},
    {"3fff::1", 1, 0},
    {"4000::1", 1, 0},
    {"fc00::1", 1, 0},
    {"fdff::1", 1, 0},
    {"fe80::1", 1, 0},
    {"fec0::1", 1, 0},
    {"ff02::1", 1, 0},
    {"", 0, 0},
    {"127.1", 0, 0},
    {"2130706433", 0, 0},
    {"0x7f.0.0.1", 0, 0},
    {"0177.0.0.1", 0, 0},
    {"1.2.3.4.5", 0, 0},
    {"1.2.3.256", 0, 0},
    {" 1.2.3.4", 0, 0},
    {"1.2.3.4 ", 0, 0},
    {"[::1]", 0, 0},
    {"fe80::1%eth0", 0, 0},
    {"::1::", 0, 0},
    {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa", 0, 0},
    {"localhost", 0, 0},
};

static void test_addresses(void)
{
    for (size_t i = 0; i < COUNT(addresses); i++) {
        cs_address_t address;
        int parsed = cs_address_parse(addresses[i].text, strlen(addresses[i].text), &address);

        is_int(parsed, addresses[i].parsed, "'%s' is %s address", addresses[i].text,
               addresses[i].parsed ? "an" : "no");
        if (parsed) {
            is_int(cs_address_is_public(&address), addresses[i].is_public, "%s is %spublic",
                   addresses[i].text, addresses[i].is_public ? "" : "not ");
        }
    }
}

static const struct {
    const char *entry, *wrong; /* NULL: it is good */
} entries[] = {
    {"hooks.example.com", NULL},
    {"HOOKS.Example.com", NULL},
    {"*.example.com", NULL},
    {"localhost", NULL},
    {"a_b-c", NULL},
    {"1and1.example", NULL},
    {"192.0.2.1", NULL},
    {"10.0.0.0/8", NULL},
    {"10.1.2.3/32", NULL},
    {"0.0.0.0/0", NULL},
    {"2001:db8::/32", NULL},
    {"::1", NULL},
    {"::/0", NULL},
    {"fe80::1/128", NULL},
    {"", "'' is no host name"},
    {"*", "'*' is no host name"},
    {"*.", "'*.' is no host name"},
    {"*.*.com", "'*.*.com' is no host name"},
    {"a.*.com", "'a.*.com' is no host name"},
    {".example.com", "'.example.com' is no host name"},
    {"example..com", "'example..com' is no host name"},
    {"example.com.", "'example.com.' is no host name"},
    {"exa mple", "'exa mple' is no host name"},
    {"example.com:80", "'example.com:80': an address is"},
    {"http://example.com", "'http://example.com': an address is"},
    {"example.com/8", "'example.com/8': an address is"},
    {"10.0.0.1/8", "'10.0.0.1/8': the address has bits behind"},
    {"10.128.0.0/8", "'10.128.0.0/8': the address has bits behind"},
    {"10.0.0.0/33", "'10.0.0.0/33': the length behind / is at most 32"},
    {"10.0.0.0/", "'10.0.0.0/': the length behind / is a number"},
    {"10.0.0.0/-1", "'10.0.0.0/-1': the length behind / is a number"},
    {"10.0.0.0/8x", "'10.0.0.0/8x': the length behind / is a number"},
    {"10.0.0.0/0008", "'10.0.0.0/0008': the length behind / is a number"},
    {"10.0.0", "'10.0.0': an address is"},
    {"2130706433", "'2130706433': an address is"},
    {"example.1", "'example.1': an address is"},
    {"::1/129", "'::1/129': the length behind / is at most 32 for IPv4 and 128"},
    {"[::1]", "'[::1]': an address is"},
    {"2001:db8::1/32", "'2001:db8::1/32': the address has bits behind"},
};

static void test_entries(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(entries); i++) {
        cs_allow_t entry;
        const char *wrong = cs_allow_parse(pool, entries[i].entry, &entry);

        if (!entries[i].wrong) {
            is(wrong, NULL, "'%s' may be listed", entries[i].entry);
        }
        else {
            ok(wrong && strncmp(wrong, entries[i].wrong, strlen(entries[i].wrong)) == 0, "%s (%s)",
               entries[i].wrong, wrong ? wrong : "nothing");
        }
    }
}

static apr_array_header_t *list_of(apr_pool_t *pool, const char *words)
{
    apr_array_header_t *list = apr_array_make(pool, 4, sizeof(cs_allow_t));
    char *rest = apr_pstrdup(pool, words), *word;

    while ((word = apr_strtok(rest, " ", &rest))) {
        const char *wrong = cs_allow_parse(pool, word, apr_array_push(list));

        is(wrong, NULL, "'%s' is listed", word);
    }
    return list;
}

static const struct {
    const char *host;
    int allowed;
} hosts[] = {
    {"hooks.example.com", 1},
    {"HOOKS.example.COM", 1},
    {"hooks.example.com.", 1},
    {"a.wild.example", 1},
    {"a.b.wild.example", 1},
    {"10.1.2.3", 1},
    {"[::1]", 1},
    {"::1", 1},
    {"[::ffff:10.1.2.3]", 1},
    {"", 0},
    {".", 0},
    {"example.com", 0},
    {"xhooks.example.com", 0},
    {"hooks.example.comx", 0},
    {"hooks.example.com..", 0},
    {"wild.example", 0},
    {".wild.example", 0},
    {"xwild.example", 0},
    {"11.1.2.3", 0},
    {"10.1.2.3.", 0},
    {"[::2]", 0},
    {"10.1", 0},
    {"167838211", 0},
    {"[10.1.2.3", 0},
    {"a.wild.example.org", 0},
    {"8.8.8.8", 0},
    {"hooks.example.com:80", 0},
};

static void test_hosts(apr_pool_t *pool)
{
    apr_array_header_t *list = list_of(pool, "hooks.example.com *.wild.example 10.0.0.0/8 ::1");

    for (size_t i = 0; i < COUNT(hosts); i++) {
        is_int(cs_allow_host(list, hosts[i].host), hosts[i].allowed, "host '%s' is %slisted", hosts[i].host,
               hosts[i].allowed ? "" : "not ");
        is_int(cs_allow_host(NULL, hosts[i].host), 0, "'%s' is not, in no list", hosts[i].host);
    }
}

static const struct {
    const char *address;
    int allowed, without;
} reached[] = {
    {"8.8.8.8", 1, 1},         {"10.1.2.3", 1, 0},         {"::1", 1, 0},         {"::ffff:10.1.2.3", 1, 0},
    {"11.0.0.1", 1, 1},        {"127.0.0.1", 0, 0},        {"192.168.0.1", 0, 0}, {"fe80::1", 0, 0},
    {"169.254.169.254", 0, 0}, {"64:ff9b::a01:203", 0, 0},
};

static void test_reached(apr_pool_t *pool)
{
    apr_array_header_t *list = list_of(pool, "localhost 10.0.0.0/8 ::1");

    for (size_t i = 0; i < COUNT(reached); i++) {
        cs_address_t address;

        ok(cs_address_parse(reached[i].address, strlen(reached[i].address), &address), "%s",
           reached[i].address);
        is_int(cs_allow_address(list, &address), reached[i].allowed, "%s may %sbe reached",
               reached[i].address, reached[i].allowed ? "" : "not ");
        is_int(cs_allow_address(NULL, &address), reached[i].without, "%s may %sbe reached without a list",
               reached[i].address, reached[i].without ? "" : "not ");
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_addresses();
    test_entries(pool);
    test_hosts(pool);
    test_reached(pool);
    return done();
}
