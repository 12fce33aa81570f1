#include "api/credential.h"

#include "api/identity.h"
#include "base/wall.h"

#include <apr_strings.h>
#include <string.h>

#define WRITE_NAME(w, literal) (w)->ops->name((w), literal, sizeof(literal) - 1)

/* As the database names them. */
#define TICKET  "ticket"
#define SESSION "session"

static cs_error_t *refused(const cs_call_t *call, cs_code_t code, const char *why)
{
    return cs_error_make(call->cx->pool, code, NULL, "%s", why);
}

static cs_val_t text_or_null(const char *text)
{
    return text ? cs_val_text(text, strlen(text)) : cs_val_null(CS_K_TEXT);
}

/* ---------------- cookies */

/* The session's own goes to the API alone and no script sees it; its XSRF value is for scripts, wherever on
 * this host their page lies. */
static void set_cookies(cs_call_t *call, const char *secret, const char *xsrf, const char *more)
{
    apr_pool_t *pool = call->cx->pool;
    const char *secure = call->insecure ? "" : "; Secure";

    cs_call_header(call, "Set-Cookie",
                   apr_pstrcat(pool, CS_SESSION_COOKIE "=", secret, "; Path=", call->site->root,
                               "; HttpOnly; SameSite=Lax", secure, more, NULL));
    cs_call_header(call, "Set-Cookie",
                   apr_pstrcat(pool, CS_XSRF_COOKIE "=", xsrf, "; Path=/; SameSite=Lax", secure, more, NULL));
}

static void clear_cookies(cs_call_t *call)
{
    set_cookies(call, "", "", "; Max-Age=0");
}

/* ---------------- who comes with one */

static int scheme_is_on(const cs_site_t *site, cs_scheme_t scheme)
{
    switch (scheme) {
    case CS_SCHEME_USERNAME:
        return site->with_username;
    case CS_SCHEME_TICKET:
        return site->with_ticket;
    case CS_SCHEME_IMPLICIT:
        return site->with_implicit;
    case CS_SCHEME_NONE:
    case CS_SCHEME_OTHER:
        break;
    }
    return 1;
}

/* Each listed digest is looked at, so that the time does not tell which one came close. */
static int is_listed(const cs_call_t *call, const char *token)
{
    const apr_array_header_t *tokens = call->site->app_tokens;
    const char *digest;
    int listed = 0;

    if (!tokens || !token) {
        return !tokens;
    }
    digest = cs_secret_digest(call->cx->pool, token, strlen(token));
    for (int i = 0; i < tokens->nelts; i++) {
        listed |=
            cs_secret_equal(digest, CS_DIGEST_CHARS, APR_ARRAY_IDX(tokens, i, const char *), CS_DIGEST_CHARS);
    }
    return listed;
}

/* Looks the secret up; a live one is extended, but a session's only beside its XSRF value. */
static cs_error_t *use(cs_call_t *call, const char *kind, const char *secret, const char *xsrf)
{
    cs_ctx_t *cx = call->cx;
    const char *digest = cs_secret_digest(cx->pool, secret, strlen(secret));
    const char *xsrf_digest = xsrf ? cs_secret_digest(cx->pool, xsrf, strlen(xsrf)) : NULL;
    const cs_val_t args[] = {text_or_null(kind), text_or_null(digest), text_or_null(xsrf_digest),
                             cs_val_int(call->site->ticket_ttl)};
    const cs_record_t *row;
    cs_rows_t *rows;

    if (!call->db) {
        return refused(call, CS_E_DB_UNAVAILABLE, "this child has no databases");
    }
    CS_TRY(cs_db_run(cx, call->db, CS_STMT_CREDENTIAL_USE, args, 4, &rows));
    if (cs_rows_count(rows) == 0) {
        return refused(call, CS_E_CREDENTIAL_INVALID,
                       "the credentials are not known here, or have expired: log in again");
    }
    row = cs_rows_get(rows, 0);
    if (xsrf && !cs_secret_equal(row[1].cells[0].u.s, row[1].cells[0].len, xsrf_digest, CS_DIGEST_CHARS)) {
        return refused(call, CS_E_XSRF, "the header X-XSRF-TOKEN does not hold the value of this session");
    }
    call->user = apr_pstrmemdup(cx->pool, row[0].cells[0].u.s, row[0].cells[0].len);
    call->credential = (cs_used_t){.kind = kind, .digest = digest};
    return NULL;
}

static cs_error_t *use_ticket(cs_call_t *call, const cs_presented_t *presented)
{
    if (!is_listed(call, presented->app_token)) {
        return refused(call, CS_E_APP_TOKEN,
                       "a ticket counts only beside the SO-AppToken of a known application");
    }
    if (!presented->authorization.ticket) {
        return refused(call, CS_E_CREDENTIAL_INVALID, "this is not the form of a ticket");
    }
    return use(call, TICKET, presented->authorization.ticket, NULL);
}

static cs_error_t *use_session(cs_call_t *call, const cs_presented_t *presented)
{
    cs_error_t *error;
    int found;
    const char *secret =
        cs_authorization_cookie(call->cx->pool, presented->cookies, CS_SESSION_COOKIE, &found);

    if (!found) {
        return NULL;
    }
    if (!presented->xsrf) {
        return refused(call, CS_E_XSRF, "a session counts only beside the header X-XSRF-TOKEN");
    }
    error = secret ? use(call, SESSION, secret, presented->xsrf)
                   : refused(call, CS_E_CREDENTIAL_INVALID, "this is not the form of a session");
    if (error && error->code == CS_E_CREDENTIAL_INVALID) {
        clear_cookies(call); /* a browser would send them again and again */
    }
    return error;
}

cs_error_t *cs_credential_admit(cs_call_t *call, const cs_presented_t *presented)
{
    cs_scheme_t scheme = presented->authorization.scheme;

    if (!scheme_is_on(call->site, scheme)) {
        return refused(call, CS_E_SCHEME_OFF, "this way to log in is switched off here");
    }
    if (scheme == CS_SCHEME_TICKET) {
        return use_ticket(call, presented);
    }
    return scheme == CS_SCHEME_NONE ? use_session(call, presented) : NULL;
}

/* ---------------- issuing and ending */

/* Stores the digests; *expires_out is in UTC. */
static cs_error_t *issue(cs_call_t *call, const char *kind, const char *secret, const char *xsrf,
                         cs_wall_t *expires_out)
{
    apr_pool_t *pool = call->cx->pool;
    const cs_val_t args[] = {cs_identity_arg(call),
                             text_or_null(kind),
                             text_or_null(cs_secret_digest(pool, secret, strlen(secret))),
                             text_or_null(xsrf ? cs_secret_digest(pool, xsrf, strlen(xsrf)) : NULL),
                             cs_val_int(call->site->ticket_ttl),
                             cs_val_int(call->site->ticket_max)};
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_CREDENTIAL_ISSUE, args, 6, &rows));
    *expires_out = cs_rows_get(rows, 0)[1].cells[0].u.i;
    return NULL;
}

static void write_text(cs_writer_t *w, const char *name, const char *text)
{
    w->ops->name(w, name, strlen(name));
    w->ops->text(w, text, strlen(text));
}

/* {"Ticket": ..., "Expires": ...} */
static cs_error_t *reply(cs_call_t *call, const char *type, const char *secret, cs_wall_t expires)
{
    cs_writer_t w = cs_call_writer(call);
    char time[CS_WALL_MAX];
    apr_size_t len = cs_wall_print(time, expires);

    w.ops->open(&w, type);
    write_text(&w, type, secret);
    write_text(&w, "Associate", call->user);
    write_text(&w, "Expires",
               apr_pstrcat(call->cx->pool, apr_pstrmemdup(call->cx->pool, time, len), "Z", NULL));
    w.ops->close(&w);
    return cs_call_finish(call, 200);
}

static cs_error_t *end(cs_call_t *call, const char *kind, const char *other)
{
    const cs_val_t args[] = {text_or_null(kind), text_or_null(call->credential.digest)};
    cs_rows_t *rows;

    if (!call->credential.kind || strcmp(call->credential.kind, kind) != 0) {
        return refused(call, CS_E_CREDENTIAL_OTHER, other);
    }
    CS_TRY(cs_db_run(call->cx, call->db, CS_STMT_CREDENTIAL_END, args, 2, &rows));
    return cs_call_finish(call, 204);
}

cs_error_t *cs_ticket_issue(cs_call_t *call)
{
    const char *secret, *ticket;
    cs_wall_t expires;

    CS_TRY(cs_secret_make(call->cx->pool, 0, &secret));
    ticket = apr_pstrcat(call->cx->pool, CS_TICKET_PREFIX, secret, NULL);
    CS_TRY(issue(call, TICKET, ticket, NULL, &expires));
    return reply(call, "Ticket", ticket, expires);
}

cs_error_t *cs_ticket_end(cs_call_t *call)
{
    return end(call, TICKET,
               "this ends the ticket that the call is made with, and this call is made without one");
}

/* ---------------- web sessions */

cs_error_t *cs_login_issue(cs_call_t *call)
{
    const char *secret, *xsrf;
    cs_wall_t expires;

    CS_TRY(cs_secret_make(call->cx->pool, 1, &secret));
    CS_TRY(cs_secret_make(call->cx->pool, 1, &xsrf));
    CS_TRY(issue(call, SESSION, secret, xsrf, &expires));
    set_cookies(call, secret, xsrf, "");
    return reply(call, "XsrfToken", xsrf, expires);
}

cs_error_t *cs_login_end(cs_call_t *call)
{
    CS_TRY(end(call, SESSION,
               "this ends the session that the call is made in, and this call is made outside of one"));
    clear_cookies(call);
    return NULL;
}
