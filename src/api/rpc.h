/* api/rpc.h -- the RPC style: POST /Agents/Chat/<Method>.
 *
 * A method is a row of its own (api/rpc_methods.c) that says how its parameters come and what is answered;
 * what is done is the operation of REST, which finds them where it always does. */
#ifndef CS_API_RPC_H
#define CS_API_RPC_H

#include "base/error.h"

struct cs_call_t;
struct cs_entity_t;
struct cs_route_t;

#define CS_RPC_ROOT "/Agents/Chat/"

typedef struct cs_rpc_t {
    cs_error_t *(*operation)(struct cs_call_t *call);
    cs_error_t *(*create)(struct cs_call_t *call); /* instead, where the entity's id is 0; NULL: an id in the
                                                      body does not count */
    const char *query_id;              /* the parameter of the query that the id comes in; NULL: none */
    const struct cs_entity_t *wrapper; /* the parameters in the body; NULL: none */
    const char *part;                  /* the wrapper's member that is REST's body; NULL: none */
    const struct cs_entity_t *entity;  /* what the part holds, or without a wrapper the body */
    int many;                          /* the part is an array of them */
    const struct cs_entity_t *select;  /* what $select chooses from; NULL: it does not count */
    int null_where_missing;            /* the answer, instead of 404 */
} cs_rpc_t;

/* The handler of all methods.  PARAMETER_MISSING, BODY_INVALID with all faults, the operation's errors. */
cs_error_t *cs_rpc_run(struct cs_call_t *call) CS_CHECKED;

/* The row of that number, or NULL behind the last. */
const struct cs_route_t *cs_rpc_row(int number);

/* "PickUpChatSession" */
const char *cs_rpc_name(const struct cs_route_t *route);

/* "PickUpChatSession takes ChatSessionId in its body": for who sends none. */
const char *cs_rpc_describe(apr_pool_t *pool, const struct cs_route_t *route);

/* The names of all methods, joined by commas. */
const char *cs_rpc_names(apr_pool_t *pool);

#endif
