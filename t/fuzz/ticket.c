/* t/fuzz/ticket.c -- any Authorization and Cookie header: what is taken for a ticket or a session has its
 * form. */
#include "api/authorization.h"
#include "fuzz.h"

#include <apr_base64.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

static void must_be_ticket(const char *ticket)
{
    must(strlen(ticket) == CS_TICKET_CHARS);
    must(strncmp(ticket, CS_TICKET_PREFIX, 3) == 0);
    must(strspn(ticket + 3, LETTERS "+/") == CS_SECRET_CHARS);
}

static cs_authorization_t read_header(apr_pool_t *pool, const char *header)
{
    cs_authorization_t auth;

    cs_authorization_read(pool, header, &auth);
    must(auth.scheme >= CS_SCHEME_NONE && auth.scheme <= CS_SCHEME_OTHER);
    must(auth.scheme != CS_SCHEME_NONE || !header);
    must(!auth.ticket || auth.scheme == CS_SCHEME_TICKET);
    must(!auth.name == (auth.scheme != CS_SCHEME_TICKET && auth.scheme != CS_SCHEME_USERNAME));
    must(!auth.name || !header || strlen(auth.name) <= strlen(header));
    if (auth.ticket) {
        must_be_ticket(auth.ticket);
    }
    /* Who is not a ticket never looks like one to the modules behind us. */
    must(auth.scheme != CS_SCHEME_USERNAME || !strchr(auth.name, ':'));
    return auth;
}

/* The same credentials in Basic: what is a ticket stays one, and a name ends at its colon. */
static void must_agree(apr_pool_t *pool, const char *text)
{
    char *encoded = apr_palloc(pool, (apr_size_t)apr_base64_encode_len((int)strlen(text)));
    cs_authorization_t header = read_header(pool, apr_pstrcat(pool, "SOTicket ", text, NULL)), basic;

    apr_base64_encode(encoded, text, (int)strlen(text));
    basic = read_header(pool, apr_pstrcat(pool, "Basic ", encoded, NULL));
    if (header.ticket && *text != ' ' && *text != '\t') {
        must(fuzz_same(header.ticket, basic.ticket));
    }
    must((basic.scheme == CS_SCHEME_TICKET) == (strncmp(text, CS_TICKET_PREFIX, 3) == 0));
    if (basic.scheme == CS_SCHEME_USERNAME) {
        must(strlen(basic.name) == strcspn(text, ":") && strncmp(basic.name, text, strlen(basic.name)) == 0);
    }
}

static void must_be_cookie(apr_pool_t *pool, const char *header)
{
    int found = -1;
    const char *value = cs_authorization_cookie(pool, header, "chatsession", &found);

    must(found == 0 || found == 1);
    must(found || !value);
    must(!value || (strlen(value) == CS_SECRET_CHARS && strspn(value, LETTERS "-_") == CS_SECRET_CHARS));
    must(!value || strstr(header, value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);

    read_header(pool, text);
    must_agree(pool, text);
    must_be_cookie(pool, text);
    must_be_cookie(pool, apr_pstrcat(pool, "chatsession=", text, NULL));
    apr_pool_destroy(pool);
    return 0;
}
