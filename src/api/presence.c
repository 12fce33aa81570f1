#include "api/presence.h"

#include "api/body.h"
#include "api/identity.h"
#include "api/pairs.h"
#include "model/check.h"
#include "model/map.h"

#define ENTITY (&cs_presence_entity)

cs_error_t *cs_presence_list(cs_call_t *call)
{
    enum { MAY = 1, PRESENCE };
    cs_val_t caller = cs_identity_arg(call);
    cs_view_t view = {
        .parts = &call->site->parts[call->media->format], .select = call->select, .locale = call->cx->locale};
    cs_writer_t writer;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_PRESENCE_LIST, &caller, 1, &rows));
    writer = cs_call_writer(call);
    writer.ops->array_open(&writer, ENTITY->name);
    for (int i = 0; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);

        if (row[PRESENCE].cells[0].set) {
            view.right = row[MAY].cells[0].u.i ? CS_RIGHT_CHANGE : CS_RIGHT_READ;
            cs_map_entity(&writer, ENTITY, &row[PRESENCE], &view);
        }
    }
    writer.ops->array_close(&writer);
    return cs_call_finish(call, 200);
}

/* ---------------- saving */

static cs_error_t *read_presence(const cs_call_t *call, const cs_doc_t *item, apr_int64_t *id_out,
                                 apr_int64_t *present_out)
{
    const cs_field_t *key = cs_entity_key(ENTITY);
    cs_val_t present, user;

    CS_TRY(cs_check_entity(call->cx, ENTITY, item, &present));
    CS_TRY(cs_check_value(call->cx, key, key->name, cs_doc_find(item, key->name, NULL), &user));
    *id_out = user.u.i;
    *present_out = present.u.i;
    return NULL;
}

static const cs_pairs_t presences = {ENTITY, "UserId", "user", read_presence};

/* Those that could not be saved, by their numbers from 1; who does not exist comes first. */
static cs_error_t *refusal(const cs_call_t *call, const cs_rows_t *rows)
{
    enum { NUMBER = 1, EXISTS };
    cs_error_t *faults = NULL;

    for (int i = 0; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);

        if (row[NUMBER].cells[0].set && !row[EXISTS].cells[0].u.i) {
            cs_body_fault(call, &faults, (int)row[NUMBER].cells[0].u.i - 1,
                          cs_error_make(call->cx->pool, CS_E_PRESENCE_UNKNOWN, "UserId",
                                        "UserId is no user of the chat"));
        }
    }
    if (!faults && cs_rows_get(rows, 0)[NUMBER].cells[0].set) {
        return cs_error_make(call->cx->pool, CS_E_ACCESS_DENIED, NULL,
                             "only an administrator may say whether others are there");
    }
    return cs_body_faults(call, faults);
}

cs_error_t *cs_presence_save(cs_call_t *call)
{
    cs_val_t args[3];
    cs_rows_t *rows;

    args[0] = cs_identity_arg(call);
    CS_TRY(cs_pairs_take(call, &presences, &args[1], &args[2]));
    CS_TRY(cs_identity_run(call, CS_STMT_PRESENCE_SAVE, args, 3, &rows));
    CS_TRY(refusal(call, rows));
    return cs_call_finish(call, 204);
}
