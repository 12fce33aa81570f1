#include "api/queue.h"

#include "api/identity.h"
#include "api/session_row.h"
#include "base/text.h"
#include "model/map.h"

#define ENTITY      (&cs_session_entity)
#define AROUND_LIST 4096 /* bytes: what a format writes before and behind a list's elements */

/* ---------------- answers: sessions without links */

static void write_row(const cs_call_t *call, cs_writer_t *writer, const cs_record_t *row, int roles_column)
{
    cs_view_t view = {.parts = &call->site->parts[call->media->format],
                      .right = cs_resource_right(&cs_session_resource, cs_session_roles(row, roles_column)),
                      .select = call->select,
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

/* Writes those from that row on. */
static void write_list(const cs_call_t *call, cs_writer_t *writer, const cs_rows_t *rows, int from)
{
    writer->ops->array_open(writer, ENTITY->name);
    for (int i = from; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);

        if (has_session(row)) {
            write_row(call, writer, row, CS_ROW_ROLES);
        }
    }
    writer->ops->array_close(writer);
}

/* The first row from which on they fit a reply: the newest stand last. */
static int first_fitting(const cs_call_t *call, const cs_rows_t *rows)
{
    cs_writer_t trial = {.ops = call->media->writer,
                         .buf = cs_buf_make(call->cx->pool, CS_REPLY_CEILING - AROUND_LIST)};
    int first = cs_rows_count(rows);

    trial.ops->array_open(&trial, ENTITY->name);
    while (first > 0 && !trial.buf->full) {
        write_row(call, &trial, cs_rows_get(rows, --first), CS_ROW_ROLES);
    }
    return trial.buf->full ? first + 1 : first;
}

cs_error_t *cs_queue_list(cs_call_t *call)
{
    const cs_val_t caller = cs_identity_arg(call);
    cs_writer_t writer;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_LIST_MINE, &caller, 1, &rows));
    writer = cs_call_writer(call);
    write_list(call, &writer, rows, 0);
    if (writer.buf->full) {
        writer = cs_call_writer(call);
        write_list(call, &writer, rows, first_fitting(call, rows));
    }
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

    CS_TRY(cs_session_run(call, stmt, act, args, count, &rows));
    *row_out = cs_rows_get(rows, 0);
    return cs_session_judge(call, *row_out, act);
}

/* Those that answer the session whether or not they changed it. */
static cs_error_t *run_and_reply(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act)
{
    cs_val_t args[COMMON_ARGS];
    const cs_record_t *row;

    common_args(call, act, args);
    CS_TRY(run(call, stmt, act, args, COMMON_ARGS, &row));
    return has_session(row) ? reply(call, row) : cs_session_unknown(call);
}

/* Whether somebody else changed what it was to pick up. */
static int is_overtaken(const cs_record_t *row)
{
    return row[cs_session_row_end() + 1].cells[0].u.i != 0;
}

/* null for one that does not wait; one that somebody changed meanwhile may wait still, or not be the caller's
 * any more. */
cs_error_t *cs_queue_pickup(cs_call_t *call)
{
    cs_val_t args[COMMON_ARGS + 1];
    const cs_record_t *row;
    cs_rows_t *rows;
    int rounds = 0;

    common_args(call, CS_ACT_PICKUP, args);
    args[COMMON_ARGS] = cs_call_clock(call);
    do {
        CS_TRY(cs_identity_run(call, CS_STMT_SESSION_PICKUP, args, COMMON_ARGS + 1, &rows));
        row = cs_rows_get(rows, 0);
        CS_TRY(cs_session_judge(call, row, CS_ACT_PICKUP));
    } while (!has_session(row) && is_overtaken(row) && ++rounds < PICK_ROUNDS);
    return has_session(row) ? reply(call, row) : reply_null(call);
}

/* One of the two statements: a session, or NULL; whether there were others that somebody else had. */
static cs_error_t *pick(cs_call_t *call, cs_stmt_id_t stmt, const cs_record_t **row_out, int *others_out)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_call_clock(call)};
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, stmt, args, 2, &rows));
    *row_out = has_session(cs_rows_get(rows, 0)) ? cs_rows_get(rows, 0) : NULL;
    *others_out = is_overtaken(cs_rows_get(rows, 0));
    return NULL;
}

/* At first past the sessions that somebody works on at this moment; where none is left, those may come free.
 * Not both in one statement: what the first look found changed would be locked still while the second waits.
 * null means that there was a moment when nobody waited: while others pick up all that waits, more may come.
 */
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

static cs_error_t *refuse_target(const cs_call_t *call, const char *why)
{
    const char *field = call->match.route->rpc ? "ToAssociate" : "associate"; /* as each style names it */

    return cs_error_make(call->cx->pool, CS_E_REFERENCE_UNKNOWN, field, "%s is %s", field, why);
}

/* A login name, or an id in digits. */
static cs_error_t *target_args(const cs_call_t *call, cs_val_t *args)
{
    const char *name = call->match.name;
    apr_size_t len = strlen(name);
    apr_int64_t id;

    if (!cs_utf8_valid(name, len, NULL)) {
        return refuse_target(call, "no UTF-8");
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
    CS_TRY(run(call, CS_STMT_SESSION_TRANSFER, CS_ACT_TRANSFER, args, COMMON_ARGS + 2, &row));
    if (has_session(row) && !row[cs_session_row_end() + 1].cells[0].set) {
        return refuse_target(call, "no active one with a role in this topic");
    }
    return has_session(row) ? reply(call, row) : cs_session_unknown(call);
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
