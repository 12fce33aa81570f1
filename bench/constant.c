/* bench/constant.c -- the limit of what httpd itself can do: a handler that answers 6 KB of text, and
 * nothing else. */
#include <httpd.h>
#include <http_config.h>
#include <http_protocol.h>
#include <string.h>

#define LENGTH 6144

extern module AP_MODULE_DECLARE_DATA constant_module;

static char text[LENGTH]; /* filled before there are children */

static int handle(request_rec *r)
{
    apr_bucket_brigade *brigade;

    if (!r->handler || strcmp(r->handler, "constant") != 0) {
        return DECLINED;
    }
    brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_immortal_create(text, LENGTH, r->connection->bucket_alloc));
    APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(r->connection->bucket_alloc));
    ap_set_content_type(r, "application/json");
    ap_set_content_length(r, LENGTH);
    return ap_pass_brigade(r->output_filters, brigade) == APR_SUCCESS ? OK : AP_FILTER_ERROR;
}

/* No file is looked for. */
static int map(request_rec *r)
{
    if (strcmp(r->uri, "/constant") != 0) {
        return DECLINED;
    }
    r->handler = "constant";
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    memset(text, 'x', LENGTH);
    ap_hook_map_to_storage(map, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA constant_module = {STANDARD20_MODULE_STUFF, .register_hooks = register_hooks};
