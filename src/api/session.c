#include "api/session.h"

#include "api/session_row.h"
#include "api/transaction.h"
#include "base/secret.h"

#include <string.h>

/* The roles that may put it into another topic, and the time. */
static void add_more(const cs_call_t *call, cs_val_t *args_out)
{
    args_out[0] = cs_val_int(cs_access_roles(CS_ACT_CREATE));
    args_out[1] = cs_call_clock(call);
}

/* What one begins with that says nothing else: the time, a key, where it comes from. */
static cs_error_t *add_first(const cs_call_t *call, cs_val_t *args_out)
{
    const char *host = call->client ? call->client : "", *key;

    CS_TRY(cs_secret_make(call->cx->pool, 1, &key));
    args_out[0] = cs_call_clock(call);
    args_out[1] = cs_val_text(key, strlen(key));
    args_out[2] = cs_val_text(host, strlen(host));
    return NULL;
}

const cs_resource_t cs_session_resource = {
    .entity = &cs_session_entity,
    .collection = "/ChatSession",
    .place = " in this topic",
    .unknown = CS_E_SESSION_UNKNOWN,
    .read = CS_ACT_READ,
    .create = CS_ACT_CREATE,
    .save = CS_ACT_SAVE,
    .remove = CS_ACT_DELETE,
    .stmts = {.blank = CS_STMT_SESSION_DEFAULT,
              .get = CS_STMT_SESSION_GET,
              .lock = CS_STMT_SESSION_LOCK,
              .create = CS_STMT_SESSION_CREATE,
              .create_strict = CS_STMT_SESSION_CREATE_STRICT,
              .replace = CS_STMT_SESSION_REPLACE,
              .replace_strict = CS_STMT_SESSION_REPLACE_STRICT,
              .remove = CS_STMT_SESSION_DELETE,
              .get_marked = CS_STMT_SESSION_GET_MARKED,
              .check = CS_STMT_SESSION_CHECK},
    .marks = 1,
    .first = 3,
    .add_first = add_first,
    .more = 2,
    .add_more = add_more,
};

cs_error_t *cs_session_default(cs_call_t *call)
{
    return cs_resource_default(call, &cs_session_resource);
}

cs_error_t *cs_session_create(cs_call_t *call)
{
    return cs_resource_create(call, &cs_session_resource);
}

cs_error_t *cs_session_get(cs_call_t *call)
{
    return cs_resource_get(call, &cs_session_resource);
}

cs_error_t *cs_session_replace(cs_call_t *call)
{
    return cs_resource_replace(call, &cs_session_resource);
}

cs_error_t *cs_session_delete(cs_call_t *call)
{
    return cs_resource_delete(call, &cs_session_resource);
}

static cs_error_t *patch_locked(cs_call_t *call)
{
    return cs_resource_patch(call, &cs_session_resource);
}

cs_error_t *cs_session_patch(cs_call_t *call)
{
    return cs_transaction_run(call, patch_locked);
}
