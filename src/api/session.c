#include "api/session.h"

#include "api/body.h"
#include "api/call.h"
#include "api/condition.h"
#include "api/identity.h"
#include "api/session_row.h"
#include "api/transaction.h"
#include "base/secret.h"
#include "model/check.h"
#include "model/map.h"
#include "model/patch.h"

#include <apr_strings.h>
#include <string.h>

#define ENTITY (&cs_session_entity)

/* $select counts; in the RPC style each method says whether it does. */
static cs_error_t *read_select(cs_call_t *call)
{
    return call->match.route->rpc ? NULL : cs_call_choose(call, ENTITY);
}

/* Writes the session of the row.  Nothing about the request can be wrong any more. */
static cs_error_t *reply(cs_call_t *call, const cs_record_t *row)
{
    cs_view_t view = {.parts = &call->site->parts[call->media->format],
                      .right = cs_access_right(cs_session_roles(row, CS_ROW_ROLES)),
                      .select = call->select,
                      .locale = call->cx->locale,
                      .collection = cs_call_collection(call, "/ChatSession")};
    cs_writer_t writer = cs_call_writer(call);

    cs_map_entity(&writer, ENTITY, &row[CS_ROW_SESSION], &view);
    call->id = row[CS_ROW_SESSION].cells[0].u.i;
    cs_condition_mark(call, row[CS_ROW_VERSION].cells[0].u.i, row[CS_ROW_CHANGED].cells[0].u.i);
    return cs_call_finish(call, 200);
}

static int is_conditional(const cs_call_t *call)
{
    const cs_conditions_t *conditions = &call->conditions;

    return conditions->match || conditions->none_match || conditions->unmodified_since;
}

/* The only row, when it holds a session: SESSION_UNKNOWN, ACCESS_DENIED, CONDITION. */
static cs_error_t *take_row(cs_call_t *call, cs_rows_t *rows, cs_act_t act, const cs_record_t **row_out)
{
    *row_out = cs_rows_get(rows, 0);
    if ((*row_out)[CS_ROW_SESSION].cells[0].set) {
        return NULL;
    }
    CS_TRY(cs_session_judge(call, *row_out, act));
    return is_conditional(call) ? cs_condition_failed(call) : cs_session_unknown(call);
}

cs_error_t *cs_session_default(cs_call_t *call)
{
    cs_val_t caller = cs_identity_arg(call);
    cs_view_t view = {
        .parts = &call->site->parts[call->media->format], .right = CS_RIGHT_READ, .locale = call->cx->locale};
    cs_rows_t *rows;
    cs_writer_t writer;

    CS_TRY(read_select(call));
    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_DEFAULT, &caller, 1, &rows));
    if (cs_session_roles(cs_rows_get(rows, 0), CS_ROW_ROLES) & cs_access_roles(CS_ACT_CREATE)) {
        view.right = CS_RIGHT_SAVE;
    }
    view.select = call->select;
    writer = cs_call_writer(call);
    cs_map_entity(&writer, ENTITY, NULL, &view);
    return cs_call_finish(call, 200);
}

cs_error_t *cs_session_get(cs_call_t *call)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id)};
    const cs_record_t *row;
    cs_rows_t *rows;

    CS_TRY(read_select(call));
    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_GET, args, 2, &rows));
    /* The statement brings the session also to whom it is not to be shown. */
    CS_TRY(cs_session_judge(call, cs_rows_get(rows, 0), CS_ACT_READ));
    CS_TRY(take_row(call, rows, CS_ACT_READ, &row));
    CS_TRY(reply(call, row));
    return cs_condition_read(call);
}

/* The arguments of every statement that changes a session which is there; of one that saves it, two more. */
enum { GUARDED_ARGS = 3 + CS_GUARD_ARGS, SAVE_ARGS = GUARDED_ARGS + 2 };

static void guarded_args(const cs_call_t *call, cs_act_t act, cs_val_t *args)
{
    args[0] = cs_identity_arg(call);
    args[1] = cs_val_int(call->match.id);
    cs_condition_guard(call, args + 2);
    args[2 + CS_GUARD_ARGS] = cs_val_int(cs_access_roles(act));
}

static void save_args(const cs_call_t *call, cs_val_t *args)
{
    guarded_args(call, CS_ACT_SAVE, args);
    args[GUARDED_ARGS] = cs_val_int(cs_access_roles(CS_ACT_CREATE));
    args[GUARDED_ARGS + 1] = cs_call_clock(call);
}

cs_error_t *cs_session_delete(cs_call_t *call)
{
    cs_val_t args[GUARDED_ARGS];
    const cs_record_t *row;
    cs_rows_t *rows;

    guarded_args(call, CS_ACT_DELETE, args);
    CS_TRY(cs_session_run(call, CS_STMT_SESSION_DELETE, CS_ACT_DELETE, args, GUARDED_ARGS, &rows));
    CS_TRY(take_row(call, rows, CS_ACT_DELETE, &row));
    call->id = call->match.id;
    return cs_call_finish(call, 204);
}

/* ---------------- saving */

/* The faults of a strict save: each reference whose record does not exist, by the flags in `known`. */
static cs_error_t *unknown_references(const cs_call_t *call, const cs_record_t *known)
{
    cs_error_t *faults = NULL, *whole;
    int next = 0;

    for (int i = 0; i < ENTITY->count; i++) {
        const cs_field_t *field = &ENTITY->fields[i];

        if (!field->entity || !(field->flags & CS_F_WRITE) || known->cells[next++].u.i) {
            continue;
        }
        cs_error_add(&faults,
                     cs_error_make(call->cx->pool, CS_E_REFERENCE_UNKNOWN, field->name,
                                   "%s names a %s that does not exist", field->name, field->entity->label));
    }
    if (!faults) {
        return NULL;
    }
    whole = cs_error_make(call->cx->pool, CS_E_REFERENCE_UNKNOWN, NULL, "%s", faults->message);
    whole->next = faults;
    return whole;
}

/* A statement that saves, in the two ways to treat references. */
typedef struct save_t {
    cs_stmt_id_t loose, strict;
    cs_act_t act;
} save_t;

/* Before the body's references are judged: whether it is his to send one.  That a session is missing is told
 * after them; of one that was saved the roles are those that the save left him. */
static cs_error_t *judge_refused(const cs_call_t *call, const cs_record_t *row, cs_act_t act)
{
    int missing = act != CS_ACT_CREATE && !cs_session_roles(row, CS_ROW_ROLES);

    return row[CS_ROW_SESSION].cells[0].set || missing ? NULL : cs_session_judge(call, row, act);
}

/* args: the statement's own, then the writable columns. */
static cs_error_t *save(cs_call_t *call, const save_t *how, const cs_val_t *args, int own,
                        const cs_record_t **row_out)
{
    cs_stmt_id_t stmt = call->site->strict ? how->strict : how->loose;
    cs_rows_t *rows;

    CS_TRY(cs_session_run(call, stmt, how->act, args, own + cs_check_count(ENTITY), &rows));
    if (call->site->strict) {
        const cs_record_t *row = cs_rows_get(rows, 0);

        CS_TRY(judge_refused(call, row, how->act));
        CS_TRY(unknown_references(call, &row[cs_session_row_end()]));
    }
    return take_row(call, rows, how->act, row_out);
}

static cs_val_t *make_args(const cs_call_t *call, int own)
{
    return apr_palloc(call->cx->pool, sizeof(cs_val_t) * (apr_size_t)(own + cs_check_count(ENTITY)));
}

cs_error_t *cs_session_create(cs_call_t *call)
{
    enum { CALLER, ROLES, CLOCK, KEY, HOST, OWN_ARGS };
    static const save_t create = {CS_STMT_SESSION_CREATE, CS_STMT_SESSION_CREATE_STRICT, CS_ACT_CREATE};
    cs_val_t *args = make_args(call, OWN_ARGS);
    const cs_record_t *row;
    const char *key;

    CS_TRY(read_select(call));
    CS_TRY(cs_secret_make(call->cx->pool, 0, &key));
    args[CALLER] = cs_identity_arg(call);
    args[ROLES] = cs_val_int(cs_access_roles(CS_ACT_CREATE));
    args[CLOCK] = cs_call_clock(call);
    args[KEY] = cs_val_text(key, strlen(key));
    args[HOST] = cs_val_text(call->client, strlen(call->client));
    CS_TRY(cs_body_values(call, ENTITY, args + OWN_ARGS));
    CS_TRY(save(call, &create, args, OWN_ARGS, &row));
    return reply(call, row);
}

static const save_t replace = {CS_STMT_SESSION_REPLACE, CS_STMT_SESSION_REPLACE_STRICT, CS_ACT_SAVE};

cs_error_t *cs_session_replace(cs_call_t *call)
{
    cs_val_t *args = make_args(call, SAVE_ARGS);
    const cs_record_t *row;

    CS_TRY(read_select(call));
    save_args(call, args);
    CS_TRY(cs_body_values(call, ENTITY, args + SAVE_ARGS));
    CS_TRY(save(call, &replace, args, SAVE_ARGS, &row));
    return reply(call, row);
}

/* ---------------- patching */

/* Read, changed and written under the row's lock. */
static cs_error_t *patch_locked(cs_call_t *call)
{
    cs_val_t *args = make_args(call, SAVE_ARGS);
    const cs_record_t *row;
    cs_rows_t *rows;
    int changed;

    save_args(call, args);
    CS_TRY(cs_session_run(call, CS_STMT_SESSION_LOCK, CS_ACT_SAVE, args, GUARDED_ARGS, &rows));
    CS_TRY(take_row(call, rows, CS_ACT_SAVE, &row));
    CS_TRY(cs_patch_entity(call->cx, ENTITY, &row[CS_ROW_SESSION], call->doc, args + SAVE_ARGS, &changed));
    if (changed) {
        cs_condition_guard_none(args + 2); /* they were met, and hold as long as the lock */
        CS_TRY(save(call, &replace, args, SAVE_ARGS, &row));
    }
    return reply(call, row);
}

cs_error_t *cs_session_patch(cs_call_t *call)
{
    CS_TRY(read_select(call));
    return cs_transaction_run(call, patch_locked);
}
