#include "api/session.h"

#include "api/call.h"
#include "api/identity.h"
#include "api/query_string.h"
#include "model/check.h"
#include "model/map.h"

#include <apr_strings.h>

#define ENTITY (&cs_session_entity)

/* Columns of the statements' rows: caller, the session, then its references. */
enum { CALLER, SESSION };

static cs_error_t *unknown(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_SESSION_UNKNOWN, NULL,
                         "ChatSession %" APR_INT64_T_FMT " does not exist", call->match.id);
}

/* Writes the session in records (NULL: a new one) as the query's $select wants it. */
static cs_error_t *reply(cs_call_t *call, const cs_record_t *records)
{
    cs_view_t view = {.parts = &call->site->parts[call->media->format], .locale = call->cx->locale};
    const char *select;
    cs_writer_t writer;

    CS_TRY(cs_query_get(call->cx->pool, call->query, "$select", &select));
    if (select) {
        view.select = cs_select_parse(call->cx->pool, ENTITY, select);
    }
    view.right = records ? CS_RIGHT_FULL : CS_RIGHT_NEW;
    view.collection = records ? apr_pstrcat(call->cx->pool, call->root_url, "/ChatSession", NULL) : NULL;
    if (records) {
        call->id = records[0].cells[0].u.i;
    }
    writer = cs_call_writer(call);
    cs_map_entity(&writer, ENTITY, records, &view);
    return cs_call_finish(call, 200);
}

/* The columns of the only row; SESSION_UNKNOWN when the caller is known but the session is not. */
static cs_error_t *take_session(cs_call_t *call, cs_rows_t *rows, const cs_record_t **records_out)
{
    const cs_record_t *columns = cs_rows_get(rows, 0);

    if (!columns[SESSION].cells[0].set) {
        return unknown(call);
    }
    *records_out = &columns[SESSION];
    return NULL;
}

cs_error_t *cs_session_default(cs_call_t *call)
{
    cs_val_t caller = cs_identity_arg(call);
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_CALLER_GET, &caller, 1, &rows));
    return reply(call, NULL);
}

cs_error_t *cs_session_get(cs_call_t *call)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id)};
    const cs_record_t *records = NULL;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_GET, args, 2, &rows));
    CS_TRY(take_session(call, rows, &records));
    return reply(call, records);
}

cs_error_t *cs_session_delete(cs_call_t *call)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id)};
    const cs_record_t *records;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_DELETE, args, 2, &rows));
    CS_TRY(take_session(call, rows, &records));
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

/* Which statement saves, and after how many arguments of its own the writable columns come. */
typedef struct save_t {
    cs_stmt_id_t loose, strict;
    int before;
} save_t;

static cs_error_t *save(cs_call_t *call, const save_t *how)
{
    cs_stmt_id_t stmt = call->site->strict ? how->strict : how->loose;
    int count = how->before + cs_check_count(ENTITY);
    cs_val_t *args = apr_palloc(call->cx->pool, sizeof(*args) * (apr_size_t)count);
    const cs_record_t *records;
    cs_rows_t *rows;

    args[0] = cs_identity_arg(call);
    args[1] = cs_val_int(call->match.id); /* where there is none, the first column overwrites it */
    CS_TRY(cs_check_entity(call->cx, ENTITY, call->doc, args + how->before));
    CS_TRY(cs_identity_run(call, stmt, args, count, &rows));
    records = cs_rows_get(rows, 0);
    if (call->site->strict) {
        CS_TRY(unknown_references(call, &records[SESSION + 1 + cs_entity_references(ENTITY)]));
    }
    CS_TRY(take_session(call, rows, &records));
    return reply(call, records);
}

cs_error_t *cs_session_create(cs_call_t *call)
{
    static const save_t create = {CS_STMT_SESSION_CREATE, CS_STMT_SESSION_CREATE_STRICT, 1};

    return save(call, &create);
}

cs_error_t *cs_session_replace(cs_call_t *call)
{
    static const save_t replace = {CS_STMT_SESSION_REPLACE, CS_STMT_SESSION_REPLACE_STRICT, 2};

    return save(call, &replace);
}
