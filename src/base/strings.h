/* base/strings.h -- resource strings: what [SR_NAME] in a text stands for, in each language.
 *
 * Read from files while the server is configured, never changed after, used by any thread. */
#ifndef CS_BASE_STRINGS_H
#define CS_BASE_STRINGS_H

#include <apr_pools.h>
#include <apr_tables.h>

#define CS_STRING_NAME_MAX 64 /* bytes; no name is longer */

typedef struct cs_strings_t cs_strings_t;

/* Reads a file of lines like
 *
 *      SR_YES US:"Yes";NO:"Ja"
 *
 * Empty lines and those that begin with # do not count.  NULL when something is wrong; *reason_out then says
 * what, and in which line. */
const cs_strings_t *cs_strings_load(apr_pool_t *pool, const char *path, const char **reason_out);

/* The same from a text in memory, terminated, which must outlive the table. */
const cs_strings_t *cs_strings_parse(apr_pool_t *pool, const char *text, apr_size_t len,
                                     const char **reason_out);

/* All of these tables (const cs_strings_t *) as one: later ones win.  NULL when there are none. */
const cs_strings_t *cs_strings_join(apr_pool_t *pool, const apr_array_header_t *tables);

/* The block of that name, or NULL. */
const char *cs_strings_find(const cs_strings_t *strings, const char *name, apr_size_t len,
                            apr_size_t *block_len_out);

#endif
