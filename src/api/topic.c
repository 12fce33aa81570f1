#include "api/topic.h"

#include "api/identity.h"
#include "api/session_row.h"
#include "api/transaction.h"
#include "base/num.h"
#include "base/secret.h"
#include "base/zones.h"
#include "model/hours.h"
#include "model/map.h"

#include <string.h>

const cs_resource_t cs_topic_resource = {
    .entity = &cs_topic_entity,
    .collection = "/ChatTopic",
    .place = "",
    .unknown = CS_E_TOPIC_UNKNOWN,
    .read = CS_ACT_READ_TOPIC,
    .create = CS_ACT_CREATE_TOPIC,
    .save = CS_ACT_SAVE_TOPIC,
    .remove = CS_ACT_DELETE_TOPIC,
    .stmts = {.blank = CS_STMT_TOPIC_DEFAULT,
              .get = CS_STMT_TOPIC_GET,
              .lock = CS_STMT_TOPIC_LOCK,
              .create = CS_STMT_TOPIC_CREATE,
              .create_strict = CS_STMT_TOPIC_CREATE_STRICT,
              .replace = CS_STMT_TOPIC_REPLACE,
              .replace_strict = CS_STMT_TOPIC_REPLACE_STRICT,
              .remove = CS_STMT_TOPIC_DELETE},
};

cs_error_t *cs_topic_default(cs_call_t *call)
{
    return cs_resource_default(call, &cs_topic_resource);
}

cs_error_t *cs_topic_create(cs_call_t *call)
{
    return cs_resource_create(call, &cs_topic_resource);
}

cs_error_t *cs_topic_get(cs_call_t *call)
{
    return cs_resource_get(call, &cs_topic_resource);
}

cs_error_t *cs_topic_replace(cs_call_t *call)
{
    return cs_resource_replace(call, &cs_topic_resource);
}

cs_error_t *cs_topic_delete(cs_call_t *call)
{
    return cs_resource_delete(call, &cs_topic_resource);
}

static cs_error_t *patch_locked(cs_call_t *call)
{
    return cs_resource_patch(call, &cs_topic_resource);
}

cs_error_t *cs_topic_patch(cs_call_t *call)
{
    return cs_transaction_run(call, patch_locked);
}

/* ---------------- those of the caller */

static cs_view_t view_of(const cs_call_t *call, const cs_resource_t *resource, const cs_record_t *row)
{
    return (cs_view_t){.parts = &call->site->parts[call->media->format],
                       .right = cs_resource_right(resource, cs_resource_roles(row, CS_ROW_ROLES)),
                       .select = call->select,
                       .locale = call->cx->locale};
}

cs_error_t *cs_topic_list_mine(cs_call_t *call)
{
    const cs_val_t caller = cs_identity_arg(call);
    cs_writer_t writer;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_TOPIC_LIST_MINE, &caller, 1, &rows));
    writer = cs_call_writer(call);
    writer.ops->array_open(&writer, cs_topic_entity.name);
    for (int i = 0; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);
        const cs_view_t view = view_of(call, &cs_topic_resource, row);

        if (row[CS_ROW_ENTITY].cells[0].set) {
            cs_map_entity(&writer, &cs_topic_entity, &row[CS_ROW_ENTITY], &view);
        }
    }
    writer.ops->array_close(&writer);
    return cs_call_finish(call, 200);
}

/* ---------------- hours */

/* What the statements bring of them: whether they count, they themselves, and the code of their zone. */
enum { USED, HOURS, ZONE };

/* The zone of the code, else of the id that the hours have; without either that of the installation. */
static const cs_tz_t *zone_of(const cs_call_t *call, const cs_val_t *code, const cs_val_t *id)
{
    const cs_zone_t *zone = code->set ? cs_zones_find(call->site->zones, code->u.s, code->len) : NULL;
    char digits[CS_NUM_MAX];

    if (!zone && id->set && id->u.i > 0) {
        zone = cs_zones_find(call->site->zones, digits, cs_num_print_int(digits, id->u.i));
    }
    return zone ? zone->tz : call->cx->locale->base_zone;
}

/* At this moment.  In C, because the zones that an installation can name, its own codes among them, are the
 * module's (base/zones.h), and PostgreSQL's tzdata may be another. */
static int is_open(const cs_call_t *call, const cs_record_t *columns)
{
    const cs_val_t *cells = columns[HOURS].cells;
    const cs_hours_t hours = cs_hours_read(cells);

    return !columns[USED].cells[0].u.i ||
           cs_hours_open_at(&hours, zone_of(call, columns[ZONE].cells, &cells[0]), apr_time_now());
}

cs_error_t *cs_topic_is_open(cs_call_t *call)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id)};
    const cs_record_t *row;
    cs_writer_t writer;
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_TOPIC_HOURS, args, 2, &rows));
    row = cs_rows_get(rows, 0);
    CS_TRY(cs_resource_judge(call, &cs_topic_resource, row, CS_ACT_READ_TOPIC));
    call->id = call->match.id;
    writer = cs_call_writer(call);
    writer.ops->boolean(&writer, is_open(call, &row[CS_ROW_ROLES + 1]));
    return cs_call_finish(call, 200);
}

/* ---------------- sessions */

enum { CALLER, TOPIC, ROLES, CLOCK, KEY, HOST, OPEN, START_ARGS };

static cs_error_t *start(cs_call_t *call, const cs_val_t *args, const cs_record_t **row_out)
{
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_SESSION_START, args, START_ARGS, &rows));
    *row_out = cs_rows_get(rows, 0);
    return cs_resource_judge(call, &cs_topic_resource, *row_out, CS_ACT_START_SESSION);
}

/* One statement; where the topic has hours, they come back from a first one that does nothing.  If they are
 * changed between the two, the session came before the change. */
cs_error_t *cs_topic_start_session(cs_call_t *call)
{
    const char *host = call->client ? call->client : "", *key;
    cs_val_t args[START_ARGS];
    const cs_record_t *row;
    cs_writer_t writer;
    cs_view_t view;

    CS_TRY(cs_secret_make(call->cx->pool, 1, &key));
    args[CALLER] = cs_identity_arg(call);
    args[TOPIC] = cs_val_int(call->match.id);
    args[ROLES] = cs_val_int(cs_access_roles(CS_ACT_START_SESSION));
    args[CLOCK] = cs_call_clock(call);
    args[KEY] = cs_val_text(key, strlen(key));
    args[HOST] = cs_val_text(host, strlen(host));
    args[OPEN] = cs_val_null(CS_K_BOOL);
    CS_TRY(start(call, args, &row));
    if (!row[CS_ROW_SESSION].cells[0].set) {
        args[OPEN].set = 1;
        args[OPEN].u.i = is_open(call, &row[cs_session_row_end()]);
        CS_TRY(start(call, args, &row));
    }
    if (!row[CS_ROW_SESSION].cells[0].set) {
        return cs_resource_unknown(call, &cs_topic_resource); /* since a moment */
    }
    view = view_of(call, &cs_session_resource, row);
    writer = cs_call_writer(call);
    cs_map_entity(&writer, &cs_session_entity, &row[CS_ROW_SESSION], &view);
    call->id = row[CS_ROW_SESSION].cells[0].u.i;
    return cs_call_finish(call, 200);
}
