#include "api/presence.h"

#include "api/body.h"
#include "api/identity.h"
#include "base/num.h"
#include "model/check.h"
#include "model/map.h"

#include <apr_hash.h>
#include <string.h>

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

/* Who is there, as two texts of integers with commas between. */
typedef struct said_t {
    cs_buf_t *users, *presents;
    apr_hash_t *named; /* ids */
    cs_error_t *faults;
} said_t;

static cs_error_t *take_one(const cs_call_t *call, said_t *said, const cs_doc_t *item)
{
    const cs_field_t *key = cs_entity_key(ENTITY);
    apr_int64_t *id = apr_palloc(call->cx->pool, sizeof(*id));
    cs_val_t present, user;

    CS_TRY(cs_check_entity(call->cx, ENTITY, item, &present));
    CS_TRY(cs_check_value(call->cx, key, key->name, cs_doc_find(item, key->name, NULL), &user));
    *id = user.u.i;
    if (apr_hash_get(said->named, id, sizeof(*id))) {
        return cs_error_make(call->cx->pool, CS_E_VALUE_TWICE, key->name,
                             "the user %" APR_INT64_T_FMT " is named twice", *id);
    }
    apr_hash_set(said->named, id, sizeof(*id), id);
    cs_buf_put_listed(said->users, *id);
    cs_buf_put_listed(said->presents, present.u.i);
    return NULL;
}

static cs_error_t *take_all(const cs_call_t *call, cs_val_t *users_out, cs_val_t *presents_out)
{
    apr_pool_t *pool = call->cx->pool;
    said_t said = {.named = apr_hash_make(pool)};
    const apr_array_header_t *items;
    const char *users, *presents;
    apr_size_t room;

    CS_TRY(cs_body_items(call, ENTITY, &items));
    room = (apr_size_t)items->nelts * CS_NUM_MAX + 1;
    said.users = cs_buf_make(pool, room);
    said.presents = cs_buf_make(pool, room);
    for (int i = 0; i < items->nelts; i++) {
        cs_body_fault(call, &said.faults, i,
                      take_one(call, &said, APR_ARRAY_IDX(items, i, const cs_doc_t *)));
    }
    users = cs_buf_text(said.users, pool);
    presents = cs_buf_text(said.presents, pool);
    *users_out = cs_val_text(users, strlen(users));
    *presents_out = cs_val_text(presents, strlen(presents));
    return cs_body_faults(call, said.faults);
}

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
    CS_TRY(take_all(call, &args[1], &args[2]));
    CS_TRY(cs_identity_run(call, CS_STMT_PRESENCE_SAVE, args, 3, &rows));
    CS_TRY(refusal(call, rows));
    return cs_call_finish(call, 204);
}
