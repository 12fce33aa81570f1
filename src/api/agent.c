#include "api/agent.h"

#include "api/body.h"
#include "api/identity.h"
#include "api/pairs.h"
#include "api/topic.h"
#include "base/text.h"
#include "model/check.h"
#include "model/map.h"

#include <apr_strings.h>
#include <string.h>

#define ENTITY (&cs_topic_agent_entity)

/* Columns behind the caller's roles. */
enum { AGENT = CS_ROW_ROLES + 1, USER, STRANGERS };

/* What a body says of an agent, in the order of the entity's rows. */
enum { SAYS_USER, LISTENS, RESPONDS, MANAGES, IS_NOTIFIED, SAYS };

/* Arguments that all statements begin with; those that change something have three. */
enum { CALLER, TOPIC, ROLES, COMMON };

static void common_args(const cs_call_t *call, cs_val_t *args)
{
    args[CALLER] = cs_identity_arg(call);
    args[TOPIC] = cs_val_int(call->match.id);
    args[ROLES] = cs_val_int(cs_access_roles(CS_ACT_STAFF_TOPIC));
}

static cs_val_t truth(int is)
{
    return (cs_val_t){.kind = CS_K_BOOL, .set = 1, .u.i = is};
}

/* ---------------- answers */

static int has_agent(const cs_record_t *row)
{
    return row[AGENT].cells[0].set;
}

static void write_agent(const cs_call_t *call, cs_writer_t *writer, const cs_record_t *records)
{
    const cs_view_t view = {.parts = &call->site->parts[call->media->format],
                            .select = call->select,
                            .right = CS_RIGHT_READ,
                            .locale = call->cx->locale};

    cs_map_entity(writer, ENTITY, records, &view);
}

static cs_error_t *reply(cs_call_t *call, const cs_record_t *records)
{
    cs_writer_t writer = cs_call_writer(call);

    write_agent(call, &writer, records);
    call->id = call->match.id;
    return cs_call_finish(call, 200);
}

static cs_error_t *reply_all(cs_call_t *call, const cs_rows_t *rows)
{
    cs_writer_t writer = cs_call_writer(call);

    writer.ops->array_open(&writer, ENTITY->name);
    for (int i = 0; i < cs_rows_count(rows); i++) {
        if (has_agent(cs_rows_get(rows, i))) {
            write_agent(call, &writer, &cs_rows_get(rows, i)[AGENT]);
        }
    }
    writer.ops->array_close(&writer);
    call->id = call->match.id;
    return cs_call_finish(call, 200);
}

/* The first row, when the caller's roles permit it. */
static cs_error_t *run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                       cs_rows_t **rows_out)
{
    CS_TRY(cs_identity_run(call, stmt, args, count, rows_out));
    return cs_resource_judge(call, &cs_topic_resource, cs_rows_get(*rows_out, 0), act);
}

static cs_error_t *run_one(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                           const cs_record_t **row_out)
{
    cs_rows_t *rows;

    CS_TRY(run(call, stmt, act, args, count, &rows));
    *row_out = cs_rows_get(rows, 0);
    return NULL;
}

/* ---------------- one of them */

static cs_error_t *unknown(const cs_call_t *call)
{
    const char *name = call->match.name;

    return cs_error_make(call->cx->pool, CS_E_AGENT_UNKNOWN, NULL,
                         "ChatTopic %" APR_INT64_T_FMT " has no agent '%s'", call->match.id,
                         cs_text_clean(call->cx->pool, name, strlen(name), 60));
}

/* A login name, and the id that it is if it is digits: two arguments.  What is no text is nobody's name. */
static void name_args(const cs_call_t *call, cs_val_t *args)
{
    const char *name = call->match.name;
    apr_size_t len = strlen(name);
    apr_int64_t id;

    args[0] = cs_utf8_valid(name, len, NULL) ? cs_val_text(name, len) : cs_val_null(CS_K_TEXT);
    args[1] = cs_text_integer(name, len, &id) && id > 0 && id <= APR_INT64_C(2147483647)
                  ? cs_val_int(id)
                  : cs_val_null(CS_K_INT);
}

cs_error_t *cs_agent_get(cs_call_t *call)
{
    cs_val_t args[COMMON - 1 + 2];
    const cs_record_t *row;

    args[CALLER] = cs_identity_arg(call);
    args[TOPIC] = cs_val_int(call->match.id);
    name_args(call, args + TOPIC + 1);
    CS_TRY(run_one(call, CS_STMT_AGENT_GET, CS_ACT_READ_TOPIC, args, TOPIC + 3, &row));
    return has_agent(row) ? reply(call, &row[AGENT]) : unknown(call);
}

cs_error_t *cs_agent_replace(cs_call_t *call)
{
    cs_val_t args[COMMON + 2 + SAYS - 1], says[SAYS];
    const cs_record_t *row;

    CS_TRY(cs_body_values(call, ENTITY, says));
    common_args(call, args);
    name_args(call, args + COMMON);
    memcpy(args + COMMON + 2, says + LISTENS, sizeof(cs_val_t) * (SAYS - 1));
    CS_TRY(run_one(call, CS_STMT_AGENT_UPDATE, CS_ACT_STAFF_TOPIC, args, COMMON + 2 + SAYS - 1, &row));
    return has_agent(row) ? reply(call, &row[AGENT]) : unknown(call);
}

cs_error_t *cs_agent_remove(cs_call_t *call)
{
    cs_val_t args[COMMON + 2];
    const cs_record_t *row;

    common_args(call, args);
    name_args(call, args + COMMON);
    CS_TRY(run_one(call, CS_STMT_AGENT_REMOVE, CS_ACT_STAFF_TOPIC, args, COMMON + 2, &row));
    call->id = call->match.id;
    return cs_call_finish(call, 204);
}

/* ---------------- more of them */

cs_error_t *cs_agent_default(cs_call_t *call)
{
    cs_val_t caller = cs_identity_arg(call);
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_CALLER_GET, &caller, 1, &rows));
    return reply(call, NULL);
}

cs_error_t *cs_agent_list(cs_call_t *call)
{
    cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id)};
    cs_rows_t *rows;

    CS_TRY(run(call, CS_STMT_AGENT_LIST, CS_ACT_READ_TOPIC, args, 2, &rows));
    return reply_all(call, rows);
}

static cs_error_t *nobody_named(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_VALUE_RANGE, "User/AssociateId",
                         "User/AssociateId takes the id of an associate, from 1 to 2147483647");
}

static cs_error_t *stranger(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_REFERENCE_UNKNOWN, "User",
                         "User names an Associate that does not exist");
}

cs_error_t *cs_agent_add(cs_call_t *call)
{
    cs_val_t args[COMMON + 1 + SAYS];
    const cs_record_t *row;
    cs_error_t *faults = NULL;

    CS_TRY(cs_body_values(call, ENTITY, args + COMMON + 1));
    if (!args[COMMON + 1].set) {
        faults = cs_error_make(call->cx->pool, CS_E_BODY_INVALID, NULL, "%s", nobody_named(call)->message);
        faults->next = nobody_named(call);
        return faults;
    }
    common_args(call, args);
    args[COMMON] = truth(call->site->strict);
    CS_TRY(run_one(call, CS_STMT_AGENT_ADD, CS_ACT_STAFF_TOPIC, args, COMMON + 1 + SAYS, &row));
    return has_agent(row) ? reply(call, &row[AGENT]) : stranger(call);
}

/* ---------------- all of them */

static cs_error_t *read_agent(const cs_call_t *call, const cs_doc_t *item, apr_int64_t *id_out,
                              apr_int64_t *roles_out)
{
    cs_val_t says[SAYS];

    CS_TRY(cs_check_entity(call->cx, ENTITY, item, says));
    *id_out = says[SAYS_USER].u.i;
    *roles_out =
        says[LISTENS].u.i | says[RESPONDS].u.i << 1 | says[MANAGES].u.i << 2 | says[IS_NOTIFIED].u.i << 3;
    return says[SAYS_USER].set ? NULL : nobody_named(call);
}

static const cs_pairs_t staff = {ENTITY, "User/AssociateId", "associate", read_agent};

/* The agents without a record, by their numbers from 1, with commas between. */
static cs_error_t *strangers(const cs_call_t *call, const cs_val_t *numbers)
{
    cs_error_t *faults = NULL;
    char *rest = apr_pstrmemdup(call->cx->pool, numbers->u.s, numbers->len), *number;

    while ((number = apr_strtok(rest, ",", &rest))) {
        cs_body_fault(call, &faults, (int)apr_atoi64(number) - 1, stranger(call));
    }
    return cs_body_faults(call, faults);
}

cs_error_t *cs_agent_replace_all(cs_call_t *call)
{
    cs_val_t args[COMMON + 3];
    const cs_val_t *unknown_ones;
    cs_rows_t *rows;

    CS_TRY(cs_pairs_take(call, &staff, &args[COMMON + 1], &args[COMMON + 2]));
    common_args(call, args);
    args[COMMON] = truth(call->site->strict);
    CS_TRY(run(call, CS_STMT_AGENTS_REPLACE, CS_ACT_STAFF_TOPIC, args, COMMON + 3, &rows));
    unknown_ones = cs_rows_get(rows, 0)[STRANGERS].cells;
    return unknown_ones->set ? strangers(call, unknown_ones) : reply_all(call, rows);
}
