#include "httpd/conf_set.h"

#include "hook/allow.h"
#include "httpd/conf.h"

#include <apr_fnmatch.h>
#include <apr_strings.h>
#include <apr_uri.h>
#include <string.h>

/* Where none of the directives may stand: their sections decide at run time, sites are decided at start. */
const char *cs_conf_misplaced(cmd_parms *cmd)
{
    const char *wrong = ap_check_cmd_context(cmd, NOT_IN_DIRECTORY | NOT_IN_FILES | NOT_IN_LIMIT |
                                                      NOT_IN_HTACCESS | NOT_IN_PROXY);
    const ap_directive_t *section = cmd->directive->parent;

    if (wrong) {
        return wrong;
    }
    if (cmd->path && (strcasecmp(section->directive, "<LocationMatch") == 0 || *cmd->path != '/' ||
                      apr_fnmatch_test(cmd->path))) {
        return apr_psprintf(
            cmd->pool,
            "%s belongs into a <Location \"/path\"> without a pattern, a <VirtualHost>, or the server",
            cmd->cmd->name);
    }
    return NULL;
}

/* Where to put the next member of a list that may not be there yet. */
static void *push(apr_pool_t *pool, apr_array_header_t **list, int size)
{
    if (!*list) {
        *list = apr_array_make(pool, 4, size);
    }
    return apr_array_push(*list);
}

const char *cs_conf_set_zone_code(cmd_parms *cmd, void *conf, const char *code, const char *id,
                                  const char *zone)
{
    const char *wrong = cs_conf_misplaced(cmd);
    cs_zone_code_t row = {.zone.name = code};
    char *end;
    apr_int64_t number = apr_strtoi64(id, &end, 10);

    wrong = wrong ? wrong : cs_zone_code_check(code);
    if (!wrong && (end == id || *end || number < 0 || number > 2147483647)) {
        wrong = apr_psprintf(cmd->pool, "the id is 1 to 2147483647, or 0 for none, not '%s'", id);
    }
    if (!wrong) {
        row.zone.tz = cs_tz_load(cmd->pool, zone, &wrong);
        wrong = row.zone.tz ? NULL : apr_psprintf(cmd->pool, "'%s': %s", zone, wrong);
    }
    if (wrong) {
        return apr_psprintf(
            cmd->pool, "ChatSessionZoneCode takes a code, an id and a zone like AU-WA 0 Australia/Perth: %s",
            wrong);
    }
    row.id = (int)number;
    *(cs_zone_code_t *)push(cmd->pool, &((cs_conf_t *)conf)->zone_codes, sizeof(row)) = row;
    return NULL;
}

const char *cs_conf_set_strings(cmd_parms *cmd, void *conf, const char *value)
{
    const char *wrong = cs_conf_misplaced(cmd);
    const char *path = ap_server_root_relative(cmd->pool, value);
    const cs_strings_t *strings = wrong || !path ? NULL : cs_strings_load(cmd->pool, path, &wrong);

    if (!strings) {
        return apr_psprintf(cmd->pool, "ChatSessionStrings takes a file of resource strings, not '%s': %s",
                            value, wrong ? wrong : "that is no path");
    }
    *(const cs_strings_t **)push(cmd->pool, &((cs_conf_t *)conf)->strings, sizeof(strings)) = strings;
    return NULL;
}

/* Scheme, host and port, and no more than that. */
static int is_origin(const apr_uri_t *uri)
{
    int web = uri->scheme && (strcmp(uri->scheme, "http") == 0 || strcmp(uri->scheme, "https") == 0);
    int bare = !uri->path || strcmp(uri->path, "/") == 0;

    return web && bare && uri->hostname && *uri->hostname && !uri->user && !uri->query && !uri->fragment;
}

const char *cs_conf_set_public_url(cmd_parms *cmd, void *conf, const char *value)
{
    const char *wrong = cs_conf_misplaced(cmd);
    apr_uri_t uri;

    if (wrong) {
        return wrong;
    }
    if (apr_uri_parse(cmd->temp_pool, value, &uri) != APR_SUCCESS || !is_origin(&uri)) {
        return apr_psprintf(
            cmd->pool,
            "ChatSessionPublicURL takes scheme, host and port as clients see them, like "
            "https://crm.example.com or http://chat.example.com:8080, without a path, not '%s'",
            value);
    }
    ((cs_conf_t *)conf)->public_url = apr_pstrcat(cmd->pool, uri.scheme, "://", uri.hostinfo, NULL);
    return NULL;
}

/* Exact origins, because a pattern lets in what merely looks alike; or all of them, who then get no
 * credentials. */
const char *cs_conf_add_cors_origin(cmd_parms *cmd, void *conf, const char *value)
{
    apr_array_header_t **origins = &((cs_conf_t *)conf)->cors_origins;
    const char *wrong = cs_conf_misplaced(cmd);
    apr_uri_t uri;

    if (wrong) {
        return wrong;
    }
    if (strcmp(value, "*") != 0 && (apr_uri_parse(cmd->temp_pool, value, &uri) != APR_SUCCESS ||
                                    !is_origin(&uri) || uri.path || strchr(value, '*'))) {
        return apr_psprintf(cmd->pool,
                            "ChatSessionCORSOrigin takes origins as browsers send them, like "
                            "https://crm.example.com or http://localhost:3000, or * alone, not '%s'",
                            value);
    }
    *origins = *origins ? *origins : apr_array_make(cmd->pool, 2, sizeof(const char *));
    APR_ARRAY_PUSH(*origins, const char *) = value;
    return NULL;
}

/* The receivers of one directive: the list of an inner section replaces that of an outer one. */
const char *cs_conf_add_receiver(cmd_parms *cmd, void *conf, const char *value)
{
    apr_array_header_t **receivers = &((cs_conf_t *)conf)->receivers;
    const char *wrong = cs_conf_misplaced(cmd);
    cs_allow_t entry;

    if (wrong) {
        return wrong;
    }
    wrong = cs_allow_parse(cmd->pool, value, &entry);
    if (wrong) {
        return apr_psprintf(
            cmd->pool,
            "ChatSessionWebhookAllow takes host names, *.domain, addresses and networks, like "
            "hooks.example.com, *.example.com or 10.1.0.0/16: %s",
            wrong);
    }
    *(cs_allow_t *)push(cmd->pool, receivers, sizeof(entry)) = entry;
    return NULL;
}
