/* mod_chatsession.c -- the module record and its hooks; what they do is in src/httpd. */
#include "httpd/auth_provider.h"
#include "httpd/authn.h"
#include "httpd/child.h"
#include "httpd/claim.h"
#include "httpd/conf.h"
#include "httpd/door.h"
#include "httpd/login_limit.h"
#include "httpd/module.h"
#include "httpd/mount.h"
#include "httpd/reply.h"
#include "httpd/sections.h"
#include "httpd/watchdog.h"

#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

/* apachectl configtest runs this hook and no later one: everything that can be wrong is found here. */
static int check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)plog;
    (void)ptemp;
    if (!cs_mounts_resolve(pconf, s)) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    cs_sections_number(pconf, s);
    return OK;
}

static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)plog;
    (void)ptemp;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK; /* the configuration is read twice; this pass is thrown away */
    }
    cs_mounts_tell(s);
    return cs_child_prepare(s->process->pool, pconf, s) && cs_watchdog_prepare(pconf, s, cs_mounts_plans(s))
               ? OK
               : HTTP_INTERNAL_SERVER_ERROR;
}

/* What maps whole trees of paths, as Alias "/" does, gets those that are not ours. */
static const char *const after[] = {"mod_authz_core.c", NULL};
static const char *const before[] = {"mod_alias.c", "mod_vhost_alias.c", "mod_userdir.c", NULL};

static void register_hooks(apr_pool_t *pool)
{
    ap_hook_check_config(check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(cs_child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_translate_name(cs_claim_translate, NULL, before, APR_HOOK_MIDDLE);
    ap_hook_map_to_storage(cs_claim_map, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_check_access_ex(cs_door_is_open, after, NULL, APR_HOOK_REALLY_LAST, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_post_perdir_config(cs_reply_keep_errors, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_authz(cs_authn_done, NULL, NULL, APR_HOOK_FIRST, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_check_authn(cs_authn_check, NULL, NULL, APR_HOOK_FIRST, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_handler(cs_door_handler, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_log_transaction(cs_login_limit_count, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_insert_error_filter(cs_reply_insert_filter, NULL, NULL, APR_HOOK_MIDDLE);
    cs_reply_register_filter();
    cs_auth_provider_register(pool);
}

AP_DECLARE_MODULE(chatsession) = {
    STANDARD20_MODULE_STUFF, cs_conf_create, cs_conf_merge,       cs_mounts_create, NULL,
    cs_conf_directives,      register_hooks, AP_MODULE_FLAG_NONE,
};
