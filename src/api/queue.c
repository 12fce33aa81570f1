#include "api/queue.h"

#include "api/identity.h"
#include "api/session_row.h"
#include "base/text.h"
#include "model/map.h"

#define ENTITY (&cs_session_entity)

/* ---------------- answers: sessions without links */

static void write_row(const cs_call_t *call, cs_writer_t *writer, const cs_record_t *row, int roles_column)
{
    cs_view_t view = {.parts = &call->site->parts[call->media->format],
                      .right = cs_access_right(cs_session_roles(row, roles_column)),
                      .locale = call->cx->locale};

    cs_map_entity(writer, ENTITY, &row[CS_ROW_SESSION], &view);
}

static cs_error_t *reply(cs_call_t *call, const cs_record_t *row)
{
    cs_writer_t writer = cs_call_writer(call);

    write_row(call, &writer, row, cs_session_row_end());
    call->id = row[CS_ROW_SESSION].cells[0].u.i;
    return cs_call_finish(call, 200);
}

static cs_error_t *reply_null(cs_call_t *call)
{
    cs_writer_t writer = cs_call_writer(call);

    writer.ops->null(&writer);
    return cs_call_finish(call, 200);
}

static int has_session(const cs_record_t *row)
{
    return row[CS_ROW_SESSION].cells[0].set;
}

cs_error_t *cs_queue_list(cs_call_t *call)
{
    const cs_val_t caller = cs_identity_arg(call);
    cs_writer_t writer;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_LIST_MINE, &caller, 1, &rows));
    writer = cs_call_writer(call);
    writer.ops->array_open(&writer, ENTITY->name);
    for (int i = 0; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);

        if (has_session(row)) {
            write_row(call, &writer, row, CS_ROW_ROLES);
        }
    }
    writer.ops->array_close(&writer);
    return cs_call_finish(call, 200);
}

/* ---------------- transitions */

enum { PICK_ROUNDS = 100 }; /* each is lost to as many as wait */

/* The arguments that all of them begin with, in the order of the statements. */
enum { CALLER, ID, ROLES, COMMON_ARGS };

static void common_args(const cs_call_t *call, cs_act_t act, cs_val_t *args)
{
    args[CALLER] = cs_identity_arg(call);
    args[ID] = cs_val_int(call->match.id);
    args[ROLES] = cs_val_int(cs_access_roles(act));
}

/* Runs it; what his roles do not permit was not done. */
static cs_error_t *run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                       const cs_record_t **row_out)
{
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, stmt, args, count, &rows));
    *row_out = cs_rows_get(rows, 0);
    return cs_session_judge(call, *row_out, act);
}

/* Those that answer the session whether or not they changed it: SESSION_UNKNOWN, ACCESS_DENIED. */
static cs_error_t *run_and_show(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                                const cs_record_t **row_out)
{
    int tries = 0;

    do {
        CS_TRY(run(call, stmt, act, args, count, row_out));
    } while (cs_session_overtaken(*row_out, act, has_session(*row_out), &tries));
    return has_session(*row_out) ? NULL : cs_session_unknown(call);
}

static cs_error_t *run_and_reply(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act)
{
    cs_val_t args[COMMON_ARGS];
    const cs_record_t *row;

    common_args(call, act, args);
    CS_TRY(run_and_show(call, stmt, act, args, COMMON_ARGS, &row));
    return reply(call, row);
}

cs_error_t *cs_queue_pickup(cs_call_t *call)
{
    cs_val_t args[COMMON_ARGS + 1];
    const cs_record_t *row;

    common_args(call, CS_ACT_PICKUP, args);
    args[COMMON_ARGS] = cs_call_clock(call);
    CS_TRY(run(call, CS_STMT_SESSION_PICKUP, CS_ACT_PICKUP, args, COMMON_ARGS + 1, &row));
    return has_session(row) ? reply(call, row) : reply_null(call);
}

/* One of the two statements: a session, or NULL; whether there were others that somebody else had. */
static cs_error_t *pick(cs_call_t *call, cs_stmt_id_t stmt, const cs_record_t **row_out, int *others_out)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_call_clock(call)};
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, stmt, args, 2, &rows));
    *row_out = has_session(cs_rows_get(rows, 0)) ? cs_rows_get(rows, 0) : NULL;
    *others_out = cs_rows_get(rows, 0)[cs_session_row_end() + 1].cells[0].u.i != 0;
    return NULL;
}

/* At first past the sessions that somebody works on at this moment; where none is left, those may come free.  null
 * means that there was a moment when nobody waited: while others pick up all that waits, more may come. */
cs_error_t *cs_queue_pickup_first(cs_call_t *call)
{
    const cs_record_t *row = NULL;
    int others = 1;

    for (int round = 0; !row && others && round < PICK_ROUNDS; round++) {
        CS_TRY(pick(call, CS_STMT_SESSION_PICKUP_FIRST, &row, &others));
        if (!row && others) {
            CS_TRY(pick(call, CS_STMT_SESSION_PICKUP_LAST, &row, &others));
        }
    }
    return row ? reply(call, row) : reply_null(call);
}

/* A login name, or an id in digits. */
static cs_error_t *target_args(const cs_call_t *call, cs_val_t *args)
{
    const char *name = call->match.name;
    apr_size_t len = strlen(name);
    apr_int64_t id;

    if (!cs_utf8_valid(name, len, NULL)) {
        return cs_error_make(call->cx->pool, CS_E_REFERENCE_UNKNOWN, "associate",
                             "the associate's name in the path is no UTF-8");
    }
    args[0] = cs_val_text(name, len);
    args[1] = cs_text_integer(name, len, &id) && id > 0 && id <= APR_INT64_C(2147483647)
                  ? cs_val_int(id)
                  : cs_val_null(CS_K_INT);
    return NULL;
}

cs_error_t *cs_queue_transfer(cs_call_t *call)
{
    cs_val_t args[COMMON_ARGS + 2];
    const cs_record_t *row;

    common_args(call, CS_ACT_TRANSFER, args);
    CS_TRY(target_args(call, args + COMMON_ARGS));
    CS_TRY(run_and_show(call, CS_STMT_SESSION_TRANSFER, CS_ACT_TRANSFER, args, COMMON_ARGS + 2, &row));
    if (!row[cs_session_row_end() + 1].cells[0].set) {
        return cs_error_make(call->cx->pool, CS_E_REFERENCE_UNKNOWN, "associate",
                             "the associate in the path is no active one with a role in this topic");
    }
    return reply(call, row);
}

cs_error_t *cs_queue_accept(cs_call_t *call)
{
    return run_and_reply(call, CS_STMT_SESSION_ACCEPT, CS_ACT_DECIDE);
}

cs_error_t *cs_queue_reject(cs_call_t *call)
{
    return run_and_reply(call, CS_STMT_SESSION_REJECT, CS_ACT_DECIDE);
}

cs_error_t *cs_queue_reset(cs_call_t *call)
{
    return run_and_reply(call, CS_STMT_SESSION_RESET, CS_ACT_RESET);
}
