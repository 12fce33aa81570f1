/* httpd/child.h -- what one child process has: its databases, and numbers for its requests. */
#ifndef CS_HTTPD_CHILD_H
#define CS_HTTPD_CHILD_H

#include "db/db.h"
#include "base/answers.h"
#include "base/attempts.h"
#include "base/tags.h"
#include "base/verdicts.h"
#include "httpd/keepalive.h"

#include <httpd.h>

/* In the parent, after the configuration was read: opens what the children will share. */
int cs_child_prepare(apr_pool_t *process, apr_pool_t *pconf, server_rec *main_server);

/* In the new child, before its workers start. */
void cs_child_init(apr_pool_t *pool, server_rec *main_server);

/* This child's pool for a site's db_index, or NULL when the child could not be set up. */
cs_db_t *cs_child_db(int index);

/* Whether this child is about to end: it finishes what it does and begins nothing. */
int cs_child_is_ending(void);

/* Whether no request before, in this child, came without a user: what is wrong with the configuration is
 * logged once, not for everybody who asks. */
int cs_child_is_first_anonymous(void);

/* The failed log-ins of all children, or NULL when the child could not be set up. */
cs_attempts_t *cs_child_attempts(void);

/* The passwords that were found right by all children of this configuration, or NULL likewise. */
cs_verdicts_t *cs_child_verdicts(void);

/* The entity tags that this child has given, or NULL likewise. */
cs_tags_t *cs_child_tags(void);

/* The answers that it has given, or NULL likewise, or where none are to be remembered. */
cs_answers_t *cs_child_answers(void);

/* The clients that keep a thread of it, or NULL likewise. */
cs_keepalive_t *cs_child_keepalive(void);

/* A name for a request, different from all others of this and other processes: 16 hexadecimal digits. */
const char *cs_child_request_id(apr_pool_t *pool);

#endif
