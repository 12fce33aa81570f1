/* httpd/auth_provider.h -- AuthBasicProvider chatsession: other providers, asked once a while for each user
 * and password.
 *
 * Only yes is remembered, for requests of the API alone, and under the sections that hold for the request:
 * two places with password files of their own share nothing (httpd/sections.h). */
#ifndef CS_HTTPD_AUTH_PROVIDER_H
#define CS_HTTPD_AUTH_PROVIDER_H

#include <httpd.h>
#include <http_config.h>

/* Makes it known to httpd. */
void cs_auth_provider_register(apr_pool_t *pool);

/* ChatSessionAuthProvider: one more provider to ask.  NULL or what is wrong. */
const char *cs_auth_provider_add(apr_pool_t *pool, apr_array_header_t *providers, const char *name);

/* An array for cs_auth_provider_add. */
apr_array_header_t *cs_auth_providers_make(apr_pool_t *pool);

#endif
