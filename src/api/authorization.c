#include "api/authorization.h"

#include "base/text.h"

#include <apr_base64.h>
#include <apr_strings.h>
#include <string.h>

#define PREFIX_LEN (sizeof(CS_TICKET_PREFIX) - 1)

static int is_letter_or_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* CS_SECRET_CHARS of base64, whose last two digits are those given. */
static int is_secret(const char *s, apr_size_t len, const char *digits)
{
    for (apr_size_t i = 0; i < len; i++) {
        if (!is_letter_or_digit(s[i]) && s[i] != digits[0] && s[i] != digits[1]) {
            return 0;
        }
    }
    return len == CS_SECRET_CHARS;
}

static int is_ticket(const char *s, apr_size_t len)
{
    return len == CS_TICKET_CHARS && is_secret(s + PREFIX_LEN, len - PREFIX_LEN, "+/");
}

static void take_ticket(apr_pool_t *pool, const char *s, apr_size_t len, cs_authorization_t *auth)
{
    auth->scheme = CS_SCHEME_TICKET;
    auth->name = apr_pstrmemdup(pool, s, len);
    auth->ticket = strncmp(s, CS_TICKET_PREFIX, PREFIX_LEN) == 0 && is_ticket(s, len) ? auth->name : NULL;
}

/* Decoded as leniently as httpd does it, so that both see the same user.  The colon of a ticket's prefix is
 * not the one before the password. */
static void read_basic(apr_pool_t *pool, const char *credentials, cs_authorization_t *auth)
{
    char *user = apr_palloc(pool, (apr_size_t)apr_base64_decode_len(credentials) + 1);

    user[apr_base64_decode(user, credentials)] = '\0';
    if (strncmp(user, CS_TICKET_PREFIX, PREFIX_LEN) == 0) {
        take_ticket(pool, user, PREFIX_LEN + strcspn(user + PREFIX_LEN, ":"), auth);
        return;
    }
    auth->scheme = CS_SCHEME_USERNAME;
    user[strcspn(user, ":")] = '\0';
    auth->name = user;
}

static void read_ticket(apr_pool_t *pool, const char *credentials, cs_authorization_t *auth)
{
    take_ticket(pool, credentials, strlen(credentials), auth);
}

static void read_implicit(apr_pool_t *pool, const char *credentials, cs_authorization_t *auth)
{
    (void)pool;
    (void)credentials;
    auth->scheme = CS_SCHEME_IMPLICIT;
}

static const struct {
    const char *name;
    void (*read)(apr_pool_t *pool, const char *credentials, cs_authorization_t *auth);
} schemes[] = {
    {"Basic", read_basic},
    {"SOTicket", read_ticket},
    {"Negotiate", read_implicit},
};

void cs_authorization_read(apr_pool_t *pool, const char *header, cs_authorization_t *auth_out)
{
    apr_size_t len = header ? strcspn(header, " \t") : 0;

    memset(auth_out, 0, sizeof(*auth_out));
    auth_out->scheme = header ? CS_SCHEME_OTHER : CS_SCHEME_NONE;
    for (apr_size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (header && cs_text_same(header, len, schemes[i].name, strlen(schemes[i].name))) {
            schemes[i].read(pool, header + len + strspn(header + len, " \t"), auth_out);
        }
    }
}

const char *cs_authorization_cookie(apr_pool_t *pool, const char *header, const char *name, int *found_out)
{
    apr_size_t name_len = strlen(name);

    *found_out = 0;
    while (header && *header) {
        apr_size_t len;

        header += strspn(header, "; \t,");
        len = strcspn(header, ";,");
        if (len > name_len && strncmp(header, name, name_len) == 0 && header[name_len] == '=') {
            const char *value = header + name_len + 1;

            *found_out = 1;
            len -= name_len + 1;
            while (len && (value[len - 1] == ' ' || value[len - 1] == '\t')) {
                len--;
            }
            return is_secret(value, len, "-_") ? apr_pstrmemdup(pool, value, len) : NULL;
        }
        header += len;
    }
    return NULL;
}
