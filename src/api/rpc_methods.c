/* api/rpc_methods.c -- the methods of the RPC style: a row each. */
#include "api/route.h"
#include "api/rpc.h"
#include "api/session.h"
#include "model/entity.h"

#include <apr_strings.h>

/* ---------------- parameters in bodies */

#define ID(name) CS_FIELD(name, NULL, INT, CS_F_WRITE | CS_F_NEEDED)
#define WRAPPER(method, rows)                                                         \
    .wrapper = &(const cs_entity_t)                                                   \
    {                                                                                 \
        .name = method, .label = method, .carrier = CS_CARRIER_PLAIN, CS_ENTITY(rows) \
    }

/* ---------------- methods */

/* Reading, and changing: of the latter an Idempotency-Key counts. */
#define READS   CS_R_READS
#define CHANGES CS_R_KEYED

#define METHOD(name, operation, source, flags, summary, ...)                                               \
    {                                                                                                      \
        CS_POST, CS_RPC_ROOT name, operation, source, flags, cs_rpc_run, summary, .rpc = &(const cs_rpc_t) \
        {                                                                                                  \
            __VA_ARGS__                                                                                    \
        }                                                                                                  \
    }
#define SESSION(name, operation, flags, summary, ...) \
    METHOD(name, operation, "ChatSession", flags, summary, __VA_ARGS__)

#define CHOOSING(carrier) .select = &(carrier)
#define OR_NULL           .null_where_missing = 1

static const cs_route_t methods[] = {
    SESSION("CreateDefaultChatSessionEntity", "session_default", READS,
            "A new chat session with its defaults, not stored", cs_session_default),
    SESSION("SaveChatSessionEntity", "session_save", CS_R_BODY | CHANGES,
            "Saves the chat session in the body: a new one where its ChatSessionId is 0", cs_session_replace,
            .create = cs_session_create, .entity = &cs_session_entity),
    SESSION("DeleteChatSessionEntity", "session_delete", CS_R_SILENT | CHANGES,
            "Deletes the chat session ?chatSessionEntityId= and its messages", cs_session_delete,
            .query_id = "chatSessionEntityId"),
    SESSION("GetChatSessionEntity", "session_get", READS, "The chat session ?chatSessionEntityId=, or null",
            cs_session_get, .query_id = "chatSessionEntityId", CHOOSING(cs_session_entity), OR_NULL),
};
#define METHODS (sizeof(methods) / sizeof(methods[0]))

const cs_route_t *cs_rpc_row(int number)
{
    return number >= 0 && (apr_size_t)number < METHODS ? &methods[number] : NULL;
}

static const char *name_of(const cs_route_t *route)
{
    return route->pattern + sizeof(CS_RPC_ROOT) - 1;
}

const char *cs_rpc_describe(apr_pool_t *pool, const cs_route_t *route)
{
    const cs_rpc_t *rpc = route->rpc;
    const char *names = rpc->part ? rpc->part : "";

    for (int i = rpc->wrapper->count - 1; i >= 0; i--) {
        names = apr_pstrcat(pool, rpc->wrapper->fields[i].name, *names ? ", " : "", names, NULL);
    }
    return apr_pstrcat(pool, name_of(route), " takes an object with ", names, " in the request body", NULL);
}

const char *cs_rpc_names(apr_pool_t *pool)
{
    const char *names = "";

    for (apr_size_t i = 0; i < METHODS; i++) {
        names = apr_pstrcat(pool, names, *names ? ", " : "", name_of(&methods[i]), NULL);
    }
    return names;
}
