/* httpd/app_tokens.h -- the file of ChatSessionAppTokenFile: which applications may use tickets.
 *
 *      a line = a token, or its SHA-256 as 64 hexadecimal digits; empty ones and those that start with # do
 * not count
 */
#ifndef CS_HTTPD_APP_TOKENS_H
#define CS_HTTPD_APP_TOKENS_H

#include <apr_tables.h>

/* Digests of the file's tokens, in the pool.  NULL, or what is wrong with the file and what would be right.
 */
const char *cs_app_tokens_read(apr_pool_t *pool, const char *name, const apr_array_header_t **tokens_out);

#endif
