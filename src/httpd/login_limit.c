#include "httpd/login_limit.h"

#include "httpd/child.h"

#include <apr_strings.h>
#include <string.h>

#define SPREAD 10 /* so many names may fail from one client before it has to wait with all of them */

/* The client's address; of IPv6 the half that is a network's, because the other is the client's to choose. */
static void put_address(char *out, apr_size_t *len, const request_rec *r)
{
    const apr_sockaddr_t *client = r->useragent_addr;
    apr_size_t size = client->ipaddr_len == 16 ? 8 : (apr_size_t)client->ipaddr_len;

    if (client->ipaddr_len == 16 && memcmp(client->ipaddr_ptr, "\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12) == 0) {
        size = 16; /* IPv4 in IPv6's clothes */
    }
    memcpy(out, client->ipaddr_ptr, size);
    *len = size;
}

/* The keys of this site's client, and of the client with that name. */
static void make_keys(const cs_attempts_t *attempts, const request_rec *r, cs_claim_t *claim)
{
    const char *root = claim->mount->root, *host = r->server->server_hostname;
    const char *name = claim->authorization.name;
    char address[16];
    apr_size_t len, site_len = strlen(root) + 1, host_len = host ? strlen(host) : 0;
    char *text = apr_palloc(r->pool, sizeof(address) + site_len + host_len + 1 + strlen(name)), *to = text;

    put_address(address, &len, r);
    memcpy(to, address, len);
    memcpy(to += len, root, site_len);
    memcpy(to += site_len, host ? host : "", host_len + 1);
    to += host_len + 1;
    claim->client_key = cs_attempts_key(attempts, text, (apr_size_t)(to - text));
    for (; *name; name++) {
        *to++ = (char)(*name >= 'A' && *name <= 'Z' ? *name + 32 : *name);
    }
    claim->login_key = cs_attempts_key(attempts, text, (apr_size_t)(to - text));
}

cs_error_t *cs_login_limit_check(const request_rec *r, cs_claim_t *claim)
{
    const cs_attempts_t *attempts = cs_child_attempts();
    int limit = claim->mount->login_attempts, window = claim->mount->login_window;
    apr_time_t now = r->request_time;
    int client, login;

    if (!limit || !claim->authorization.name || !attempts) {
        return NULL;
    }
    make_keys(attempts, r, claim);
    client = cs_attempts_wait(attempts, claim->client_key, limit * SPREAD, window, now);
    login = cs_attempts_wait(attempts, claim->login_key, limit, window, now);
    if (client || login) {
        claim->retry_after = client > login ? client : login;
        return cs_error_make(r->pool, CS_E_LOGIN_LIMITED, NULL,
                             "too many log-ins have failed: the next may be tried in %d seconds",
                             claim->retry_after);
    }
    claim->counted = 1;
    return NULL;
}

int cs_login_limit_count(request_rec *r)
{
    cs_claim_t *claim = cs_claim_get(r);
    cs_attempts_t *attempts = cs_child_attempts();
    const request_rec *last = r;

    while (last->next) {
        last = last->next; /* an ErrorDocument that lies elsewhere */
    }
    if (!claim || !claim->counted || !attempts) {
        return DECLINED;
    }
    claim->counted = 0;
    if (claim->authenticated) {
        cs_attempts_forget(attempts, claim->login_key);
    }
    else if (last->status == HTTP_UNAUTHORIZED || (last != r && r->status == HTTP_UNAUTHORIZED)) {
        cs_attempts_fail(attempts, claim->login_key, claim->mount->login_window, r->request_time);
        cs_attempts_fail(attempts, claim->client_key, claim->mount->login_window, r->request_time);
    }
    else if (claim->call.user) {
        cs_attempts_forget(attempts, claim->login_key);
    }
    return DECLINED;
}
