#include "api/session.h"

#include "api/body.h"
#include "api/call.h"
#include "api/condition.h"
#include "api/identity.h"
#include "api/transaction.h"
#include "model/check.h"
#include "model/map.h"
#include "model/patch.h"

#include <apr_strings.h>

#define ENTITY (&cs_session_entity)

/* Columns of the statements' rows: the caller; whether the session exists; its version, and when that was
 * made; the session, or NULL where it was not to be had; then its references. */
enum { CALLER, THERE, VERSION, CHANGED, SESSION };

static cs_error_t *unknown(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_SESSION_UNKNOWN, NULL,
                         "ChatSession %" APR_INT64_T_FMT " does not exist", call->match.id);
}

/* $select counts; in the RPC style each method says whether it does. */
static cs_error_t *read_select(cs_call_t *call)
{
    return call->match.route->rpc ? NULL : cs_call_choose(call, ENTITY);
}

/* Writes the session of the row (NULL: a new one).  Nothing about the request can be wrong any more. */
static cs_error_t *reply(cs_call_t *call, const cs_record_t *row)
{
    cs_view_t view = {
        .parts = &call->site->parts[call->media->format], .select = call->select, .locale = call->cx->locale};
    const cs_record_t *records = row ? &row[SESSION] : NULL;
    cs_writer_t writer;

    view.right = row ? CS_RIGHT_FULL : CS_RIGHT_NEW;
    view.collection = row ? cs_call_collection(call, "/ChatSession") : NULL;
    writer = cs_call_writer(call);
    cs_map_entity(&writer, ENTITY, records, &view);
    if (row) {
        call->id = records->cells[0].u.i;
        cs_condition_mark(call, row[VERSION].cells[0].u.i, row[CHANGED].cells[0].u.i);
    }
    return cs_call_finish(call, 200);
}

static int is_conditional(const cs_call_t *call)
{
    const cs_conditions_t *conditions = &call->conditions;

    return conditions->match || conditions->none_match || conditions->unmodified_since;
}

/* The only row, when it holds a session: SESSION_UNKNOWN, CONDITION. */
static cs_error_t *take_row(cs_call_t *call, cs_rows_t *rows, const cs_record_t **row_out)
{
    *row_out = cs_rows_get(rows, 0);
    if ((*row_out)[SESSION].cells[0].set) {
        return NULL;
    }
    return (*row_out)[THERE].cells[0].u.i && is_conditional(call) ? cs_condition_failed(call) : unknown(call);
}

cs_error_t *cs_session_default(cs_call_t *call)
{
    cs_val_t caller = cs_identity_arg(call);
    cs_rows_t *rows;

    CS_TRY(read_select(call));
    CS_TRY(cs_identity_run(call, CS_STMT_CALLER_GET, &caller, 1, &rows));
    return reply(call, NULL);
}

cs_error_t *cs_session_get(cs_call_t *call)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id)};
    const cs_record_t *row;
    cs_rows_t *rows;

    CS_TRY(read_select(call));
    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_GET, args, 2, &rows));
    CS_TRY(take_row(call, rows, &row));
    CS_TRY(reply(call, row));
    return cs_condition_read(call);
}

/* The arguments of every statement that changes a session which is there. */
enum { GUARDED_ARGS = 2 + CS_GUARD_ARGS };

static void guarded_args(const cs_call_t *call, cs_val_t *args)
{
    args[0] = cs_identity_arg(call);
    args[1] = cs_val_int(call->match.id);
    cs_condition_guard(call, args + 2);
}

cs_error_t *cs_session_delete(cs_call_t *call)
{
    cs_val_t args[GUARDED_ARGS];
    const cs_record_t *row;
    cs_rows_t *rows;

    guarded_args(call, args);
    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_DELETE, args, GUARDED_ARGS, &rows));
    CS_TRY(take_row(call, rows, &row));
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
} save_t;

/* args: the statement's own, then the writable columns. */
static cs_error_t *save(cs_call_t *call, const save_t *how, const cs_val_t *args, int own,
                        const cs_record_t **row_out)
{
    cs_stmt_id_t stmt = call->site->strict ? how->strict : how->loose;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, stmt, args, own + cs_check_count(ENTITY), &rows));
    if (call->site->strict) {
        const cs_record_t *known = &cs_rows_get(rows, 0)[SESSION + 1 + cs_entity_references(ENTITY)];

        CS_TRY(unknown_references(call, known));
    }
    return take_row(call, rows, row_out);
}

static cs_val_t *make_args(const cs_call_t *call, int own)
{
    return apr_palloc(call->cx->pool, sizeof(cs_val_t) * (apr_size_t)(own + cs_check_count(ENTITY)));
}

cs_error_t *cs_session_create(cs_call_t *call)
{
    static const save_t create = {CS_STMT_SESSION_CREATE, CS_STMT_SESSION_CREATE_STRICT};
    cs_val_t *args = make_args(call, 1);
    const cs_record_t *row;

    CS_TRY(read_select(call));
    args[0] = cs_identity_arg(call);
    CS_TRY(cs_body_values(call, ENTITY, args + 1));
    CS_TRY(save(call, &create, args, 1, &row));
    return reply(call, row);
}

static const save_t replace = {CS_STMT_SESSION_REPLACE, CS_STMT_SESSION_REPLACE_STRICT};

cs_error_t *cs_session_replace(cs_call_t *call)
{
    cs_val_t *args = make_args(call, GUARDED_ARGS);
    const cs_record_t *row;

    CS_TRY(read_select(call));
    guarded_args(call, args);
    CS_TRY(cs_body_values(call, ENTITY, args + GUARDED_ARGS));
    CS_TRY(save(call, &replace, args, GUARDED_ARGS, &row));
    return reply(call, row);
}

/* ---------------- patching */

/* Read, changed and written under the row's lock. */
static cs_error_t *patch_locked(cs_call_t *call)
{
    cs_val_t *args = make_args(call, GUARDED_ARGS);
    const cs_record_t *row;
    cs_rows_t *rows;
    int changed;

    guarded_args(call, args);
    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_LOCK, args, GUARDED_ARGS, &rows));
    CS_TRY(take_row(call, rows, &row));
    CS_TRY(cs_patch_entity(call->cx, ENTITY, &row[SESSION], call->doc, args + GUARDED_ARGS, &changed));
    if (changed) {
        cs_condition_guard_none(args + 2); /* they were met, and hold as long as the lock */
        CS_TRY(save(call, &replace, args, GUARDED_ARGS, &row));
    }
    return reply(call, row);
}

cs_error_t *cs_session_patch(cs_call_t *call)
{
    CS_TRY(read_select(call));
    return cs_transaction_run(call, patch_locked);
}
