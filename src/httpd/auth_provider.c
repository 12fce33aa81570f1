#include "httpd/auth_provider.h"

#include "base/verdicts.h"
#include "httpd/child.h"
#include "httpd/claim.h"
#include "httpd/conf.h"
#include "httpd/module.h"

#include <ap_provider.h>
#include <apr_strings.h>
#include <http_log.h>
#include <http_request.h>
#include <mod_auth.h>
#include <string.h>
#include <time.h>

APLOG_USE_MODULE(chatsession);

#define OUR_NAME     "chatsession"
#define ASKING       "chatsession-asking" /* a note, while others are asked on behalf of us */
#define QUESTION_MAX 512                  /* of longer names and passwords nothing is remembered */

typedef struct asked_t {
    const char *name;
    const authn_provider *provider;
} asked_t;

static const authn_provider *find_provider(const char *name)
{
    return ap_lookup_provider(AUTHN_PROVIDER_GROUP, name, AUTHN_PROVIDER_VERSION);
}

/* ---------------- asking the others */

/* A change of the wall clock neither shortens nor prolongs anything. */
static apr_time_t steady_now(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_BOOTTIME, &now);
    return apr_time_from_sec((apr_time_t)now.tv_sec) + now.tv_nsec / 1000;
}

/* Where nothing was said: the one that AuthBasicProvider has then. */
static authn_status ask_default(request_rec *r, const char *user, const char *password)
{
    const authn_provider *provider = find_provider(AUTHN_DEFAULT_PROVIDER);

    if (!provider) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "CS%04d: no provider checks passwords: ChatSessionAuthProvider is missing, and "
                      "mod_authn_file is not loaded",
                      CSNO(208));
        return AUTH_GENERAL_ERROR;
    }
    apr_table_setn(r->notes, AUTHN_PROVIDER_NAME_NOTE, AUTHN_DEFAULT_PROVIDER);
    return provider->check_password(r, user, password);
}

/* In their order, until one knows the user; each finds in the notes by what name it is called, as an alias
 * must. */
static authn_status ask_each(request_rec *r, const apr_array_header_t *providers, const char *user,
                             const char *password)
{
    authn_status status = AUTH_USER_NOT_FOUND;

    for (int i = 0; i < providers->nelts && status == AUTH_USER_NOT_FOUND; i++) {
        const asked_t *asked = &APR_ARRAY_IDX(providers, i, asked_t);

        apr_table_setn(r->notes, AUTHN_PROVIDER_NAME_NOTE, asked->name);
        status = asked->provider->check_password(r, user, password);
    }
    return status;
}

/* An alias of ours that is asked by us would ask itself. */
static authn_status ask(request_rec *r, const cs_conf_t *conf, const char *user, const char *password)
{
    const char *called = apr_table_get(r->notes, AUTHN_PROVIDER_NAME_NOTE);
    authn_status status;

    if (apr_table_get(r->notes, ASKING)) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                      "CS%04d: the provider '%s' asks itself, by an <AuthnProviderAlias " OUR_NAME
                      "> in ChatSessionAuthProvider",
                      CSNO(207), called ? called : OUR_NAME);
        return AUTH_GENERAL_ERROR;
    }
    apr_table_setn(r->notes, ASKING, "1");
    status = conf->auth_providers ? ask_each(r, conf->auth_providers, user, password)
                                  : ask_default(r, user, password);
    apr_table_unset(r->notes, ASKING);
    apr_table_setn(r->notes, AUTHN_PROVIDER_NAME_NOTE, called ? called : OUR_NAME);
    return status;
}

/* ---------------- remembering */

/* Whom we would ask, by which name we are asked, and what about: NUL divides what cannot hold one.  0: of
 * this nothing is remembered. */
static apr_size_t put_question(char *out, const request_rec *r, const cs_conf_t *conf, const char *user,
                               const char *password)
{
    const char *called = apr_table_get(r->notes, AUTHN_PROVIDER_NAME_NOTE);
    const char *parts[] = {called ? called : "", user, password};
    apr_size_t len = sizeof(conf->scope);

    memcpy(out, &conf->scope, sizeof(conf->scope));
    for (int i = 0; i < 3; i++) {
        apr_size_t size = strlen(parts[i]) + 1;

        if (size > QUESTION_MAX - len) {
            return 0;
        }
        memcpy(out + len, parts[i], size);
        len += size;
    }
    return len;
}

/* Some providers give the user another name; of those no answer holds without them. */
static authn_status ask_and_keep(request_rec *r, const cs_conf_t *conf, const char *user,
                                 const char *password, const cs_verdict_key_t *key)
{
    apr_time_t asked = steady_now();
    const char *before = r->user;
    authn_status status = ask(r, conf, user, password);

    if (status == AUTH_GRANTED && r->user == before) {
        cs_verdicts_keep(cs_child_verdicts(), key, asked);
    }
    return status;
}

/* Before an answer's time is over, one request asks again for all of them, who would otherwise all have to
 * ask at once.  Only a no counts then: who cannot be asked leaves the answer as old as it is. */
static authn_status renew(request_rec *r, const cs_conf_t *conf, const char *user, const char *password,
                          const cs_verdict_key_t *key)
{
    authn_status status = ask_and_keep(r, conf, user, password, key);

    if (status == AUTH_GRANTED) {
        return status;
    }
    if (status == AUTH_DENIED || status == AUTH_USER_NOT_FOUND) {
        cs_verdicts_forget(cs_child_verdicts(), key);
        return status;
    }
    return AUTH_GRANTED;
}

/* Outside of the API a .htaccess file may have its say, which no section tells of. */
static authn_status check_password(request_rec *r, const char *user, const char *password)
{
    const cs_conf_t *conf = ap_get_module_config(r->per_dir_config, &chatsession_module);
    apr_interval_time_t ttl = cs_conf_auth_cache_ttl(conf);
    char question[QUESTION_MAX];
    apr_size_t len;
    cs_verdict_key_t key;
    apr_time_t now;

    if (!ttl || !conf->scope || !cs_claim_get(r) || !cs_child_verdicts()) {
        return ask(r, conf, user, password);
    }
    len = put_question(question, r, conf, user, password);
    if (!len) {
        return ask(r, conf, user, password);
    }
    key = cs_verdicts_key(cs_child_verdicts(), question, len);
    now = steady_now();
    if (!cs_verdicts_has(cs_child_verdicts(), &key, ttl, now)) {
        return ask_and_keep(r, conf, user, password, &key);
    }
    return cs_verdicts_due(cs_child_verdicts(), &key, ttl, now) ? renew(r, conf, user, password, &key)
                                                                : AUTH_GRANTED;
}

/* ---------------- registration */

static const authn_provider our_provider = {check_password, NULL};

void cs_auth_provider_register(apr_pool_t *pool)
{
    ap_register_auth_provider(pool, AUTHN_PROVIDER_GROUP, OUR_NAME, AUTHN_PROVIDER_VERSION, &our_provider,
                              AP_AUTH_INTERNAL_PER_CONF);
}

apr_array_header_t *cs_auth_providers_make(apr_pool_t *pool)
{
    return apr_array_make(pool, 2, sizeof(asked_t));
}

const char *cs_auth_provider_add(apr_pool_t *pool, apr_array_header_t *providers, const char *name)
{
    const authn_provider *provider;
    char *lower = apr_pstrdup(pool, name);

    ap_str_tolower(lower); /* as AuthBasicProvider does */
    provider = find_provider(lower);
    if (provider == &our_provider) {
        return "it cannot ask itself";
    }
    if (!provider) {
        return "there is no such provider: is its module loaded, its alias defined above?";
    }
    if (!provider->check_password) {
        return "it checks no passwords";
    }
    APR_ARRAY_PUSH(providers, asked_t) = (asked_t){lower, provider};
    return NULL;
}
