/* httpd/sections.h -- which sections of the configuration hold for a request, as one number.
 *
 * Every section gets a number, and httpd's own merging makes one out of all that apply, in their order:
 * requests with equal numbers have equal settings, those of other modules included. */
#ifndef CS_HTTPD_SECTIONS_H
#define CS_HTTPD_SECTIONS_H

#include <httpd.h>
#include <http_config.h>

/* Once the configuration was read: numbers the sections of all servers. */
void cs_sections_number(apr_pool_t *pconf, server_rec *main_server);

/* The number of a section and what comes over it. */
apr_uint64_t cs_sections_mix(apr_uint64_t base, apr_uint64_t over);

#endif
