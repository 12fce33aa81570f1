/* t/unit/authorization.c -- what Authorization and Cookie say of who asks. */
#include "api/authorization.h"
#include "support.h"
#include "tap.h"

#include <apr_base64.h>

#define SECRET "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ01+/"
#define TICKET "7T:" SECRET
#define COOKIE "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ01-_"

/* What stands in {} is encoded before it is read. */
static const struct {
    const char *header;
    cs_scheme_t scheme;
    const char *ticket; /* NULL: none of good form */
    const char *name;
} headers[] = {
    {NULL, CS_SCHEME_NONE, NULL, NULL},
    {"", CS_SCHEME_OTHER, NULL, NULL},
    {" ", CS_SCHEME_OTHER, NULL, NULL},
    {"x", CS_SCHEME_OTHER, NULL, NULL},
    {"Bearer abc", CS_SCHEME_OTHER, NULL, NULL},
    {"Digest username=\"7T:x\"", CS_SCHEME_OTHER, NULL, NULL},
    {TICKET, CS_SCHEME_OTHER, NULL, NULL},
    {" SOTicket " TICKET, CS_SCHEME_OTHER, NULL, NULL},
    {"SOTickets " TICKET, CS_SCHEME_OTHER, NULL, NULL},
    {"SOTicke " TICKET, CS_SCHEME_OTHER, NULL, NULL},
    {"Negotiate YWJj", CS_SCHEME_IMPLICIT, NULL, NULL},
    {"NEGOTIATE", CS_SCHEME_IMPLICIT, NULL, NULL},
    /* tickets */
    {"SOTicket " TICKET, CS_SCHEME_TICKET, TICKET, TICKET},
    {"SoTicket " TICKET, CS_SCHEME_TICKET, TICKET, TICKET},
    {"SOTICKET " TICKET, CS_SCHEME_TICKET, TICKET, TICKET},
    {"soticket   " TICKET, CS_SCHEME_TICKET, TICKET, TICKET},
    {"SOTicket\t" TICKET, CS_SCHEME_TICKET, TICKET, TICKET},
    {"SOTicket", CS_SCHEME_TICKET, NULL, ""},
    {"SOTicket ", CS_SCHEME_TICKET, NULL, ""},
    {"SOTicket 7T:", CS_SCHEME_TICKET, NULL, "7T:"},
    {"SOTicket 7t:" SECRET, CS_SCHEME_TICKET, NULL, "7t:" SECRET},
    {"SOTicket 7S:" SECRET, CS_SCHEME_TICKET, NULL, "7S:" SECRET},
    {"SOTicket 8A:" SECRET, CS_SCHEME_TICKET, NULL, "8A:" SECRET},
    {"SOTicket " SECRET "abc", CS_SCHEME_TICKET, NULL, SECRET "abc"},
    {"SOTicket " TICKET "a", CS_SCHEME_TICKET, NULL, TICKET "a"},
    {"SOTicket " TICKET " ", CS_SCHEME_TICKET, NULL, TICKET " "},
    {"SOTicket " TICKET ":", CS_SCHEME_TICKET, NULL, TICKET ":"},
    {"SOTicket 7T:" COOKIE, CS_SCHEME_TICKET, NULL, "7T:" COOKIE},
    {"SOTicket 7T:abcdefghijklmnopqrstuvwxyzABCDEFGHIJ012=", CS_SCHEME_TICKET, NULL,
     "7T:abcdefghijklmnopqrstuvwxyzABCDEFGHIJ012="},
    {"SOTicket 7T:abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0\xC3\xA5/", CS_SCHEME_TICKET, NULL,
     "7T:abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0\xC3\xA5/"},
    /* Basic */
    {"Basic {anna:hemmelig}", CS_SCHEME_USERNAME, NULL, "anna"},
    {"basic {anna:}", CS_SCHEME_USERNAME, NULL, "anna"},
    {"BASIC {anna:a:b}", CS_SCHEME_USERNAME, NULL, "anna"},
    {"Basic {anna}", CS_SCHEME_USERNAME, NULL, "anna"},
    {"Basic {:x}", CS_SCHEME_USERNAME, NULL, ""},
    {"Basic {}", CS_SCHEME_USERNAME, NULL, ""},
    {"Basic", CS_SCHEME_USERNAME, NULL, ""},
    {"Basic !!!", CS_SCHEME_USERNAME, NULL, ""},
    {"Basic ====", CS_SCHEME_USERNAME, NULL, ""},
    {"Basic {7T}", CS_SCHEME_USERNAME, NULL, "7T"},
    {"Basic {7t:x}", CS_SCHEME_USERNAME, NULL, "7t"},
    {"Basic {anna:7T:x}", CS_SCHEME_USERNAME, NULL, "anna"},
    {"Basic { 7T:x}", CS_SCHEME_USERNAME, NULL, " 7T"},
    {"Basic {anna@example.test:x}", CS_SCHEME_USERNAME, NULL, "anna@example.test"},
    {"Basic {" TICKET ":}", CS_SCHEME_TICKET, TICKET, TICKET},
    {"Basic {" TICKET ":x}", CS_SCHEME_TICKET, TICKET, TICKET},
    {"Basic {" TICKET ":x:y}", CS_SCHEME_TICKET, TICKET, TICKET},
    {"Basic   {" TICKET "}", CS_SCHEME_TICKET, TICKET, TICKET},
    {"Basic {7T:}", CS_SCHEME_TICKET, NULL, "7T:"},
    {"Basic {7T:x}", CS_SCHEME_TICKET, NULL, "7T:x"},
    {"Basic {7T::" SECRET "}", CS_SCHEME_TICKET, NULL, "7T:"},
    {"Basic {" TICKET "a:}", CS_SCHEME_TICKET, NULL, TICKET "a"},
    {"Basic " TICKET, CS_SCHEME_USERNAME, NULL, "\xED"},
};

static const char *encode_braces(apr_pool_t *pool, const char *text)
{
    const char *open = text ? strchr(text, '{') : NULL;
    apr_size_t len;
    char *encoded;

    if (!open) {
        return text;
    }
    len = strlen(open + 1) - 1;
    encoded = apr_palloc(pool, (apr_size_t)apr_base64_encode_len((int)len));
    apr_base64_encode(encoded, open + 1, (int)len);
    return apr_pstrcat(pool, apr_pstrmemdup(pool, text, (apr_size_t)(open - text)), encoded, NULL);
}

static void test_headers(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        const char *shown = headers[i].header ? headers[i].header : "no header";
        cs_authorization_t auth;

        cs_authorization_read(pool, encode_braces(pool, headers[i].header), &auth);
        is_int(auth.scheme, headers[i].scheme, "AUTH-2, AUTH-4: %s: its scheme", shown);
        is(auth.ticket, headers[i].ticket, "AUTH-5, TICK-1: %s: its ticket", shown);
        if (!headers[i].name || headers[i].name[0] != '\xED') {
            is(auth.name, headers[i].name, "AUTH-3: %s: whose it is", shown);
        }
    }
}

static const struct {
    const char *header;
    const char *value;
    int found;
} cookies[] = {
    {NULL, NULL, 0},
    {"", NULL, 0},
    {";", NULL, 0},
    {"chatsession", NULL, 0},
    {"chatsession=", NULL, 1},
    {"chatsession=" COOKIE, COOKIE, 1},
    {"a=b; chatsession=" COOKIE "; c=d", COOKIE, 1},
    {"a=b;chatsession=" COOKIE ";c=d", COOKIE, 1},
    {"a=b, chatsession=" COOKIE, COOKIE, 1},
    {"  chatsession=" COOKIE "  ", COOKIE, 1},
    {"xchatsession=" COOKIE, NULL, 0},
    {"chatsessions=" COOKIE, NULL, 0},
    {"Chatsession=" COOKIE, NULL, 0},
    {"x=chatsession=" COOKIE, NULL, 0},
    {"x=y chatsession=" COOKIE, NULL, 0},
    {"chatsession=\"" COOKIE "\"", NULL, 1},
    {"chatsession=" COOKIE "x", NULL, 1},
    {"chatsession=" SECRET, NULL, 1},
    {"chatsession=x; chatsession=" COOKIE, NULL, 1},
    {"chatsession=" COOKIE "; chatsession=x", COOKIE, 1},
};

static void test_cookies(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(cookies); i++) {
        const char *shown = cookies[i].header ? cookies[i].header : "no header";
        int found = -1;

        is(cs_authorization_cookie(pool, cookies[i].header, "chatsession", &found), cookies[i].value,
           "XSRF-1: %s: its session", shown);
        is_int(found, cookies[i].found, "XSRF-1: %s: whether there is one", shown);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_headers(pool);
    test_cookies(pool);
    return done();
}
