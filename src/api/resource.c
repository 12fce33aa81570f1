#include "api/resource.h"

#include "api/body.h"
#include "api/condition.h"
#include "api/identity.h"
#include "model/check.h"
#include "model/map.h"
#include "model/patch.h"

/* A request for one of them. */
typedef struct work_t {
    cs_call_t *call;
    const cs_resource_t *resource;
} work_t;

/* ---------------- rows and roles */

int cs_resource_row_end(const cs_resource_t *resource)
{
    return CS_ROW_ENTITY + 1 + cs_entity_references(resource->entity);
}

int cs_resource_roles(const cs_record_t *row, int column)
{
    const cs_val_t *roles = row[column].cells;

    return roles->set ? (int)roles->u.i : 0;
}

cs_error_t *cs_resource_run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                            cs_rows_t **rows_out)
{
    const cs_record_t *row;

    CS_TRY(cs_identity_run(call, stmt, args, count, rows_out));
    row = cs_rows_get(*rows_out, 0);
    if (row[CS_ROW_ENTITY].cells[0].set || !(cs_resource_roles(row, CS_ROW_ROLES) & cs_access_roles(act))) {
        return NULL;
    }
    return cs_identity_run(call, stmt, args, count, rows_out);
}

cs_right_t cs_resource_right(const cs_resource_t *resource, int roles)
{
    return roles & cs_access_roles(resource->remove) ? CS_RIGHT_FULL
           : roles & cs_access_roles(resource->save) ? CS_RIGHT_SAVE
                                                     : CS_RIGHT_READ;
}

cs_error_t *cs_resource_unknown(const cs_call_t *call, const cs_resource_t *resource)
{
    return cs_error_make(call->cx->pool, resource->unknown, NULL, "%s %" APR_INT64_T_FMT " does not exist",
                         resource->entity->label, call->match.id);
}

cs_error_t *cs_resource_judge(const cs_call_t *call, const cs_resource_t *resource, const cs_record_t *row,
                              cs_act_t act)
{
    int roles = cs_resource_roles(row, CS_ROW_ROLES);

    if (roles & cs_access_roles(act)) {
        return NULL;
    }
    if (act == resource->create) {
        return cs_error_make(call->cx->pool, CS_E_ACCESS_DENIED, NULL,
                             "your roles do not permit to create a %s%s", resource->entity->label,
                             resource->place);
    }
    return roles ? cs_error_make(call->cx->pool, CS_E_ACCESS_DENIED, NULL,
                                 "your roles do not permit to %s this %s", cs_access_verb(act),
                                 resource->entity->label)
                 : cs_resource_unknown(call, resource);
}

/* Writes the entity of the row.  Nothing about the request can be wrong any more. */
static cs_error_t *reply(const work_t *work, const cs_record_t *row)
{
    cs_call_t *call = work->call;
    cs_view_t view = {.parts = &call->site->parts[call->media->format],
                      .right = cs_resource_right(work->resource, cs_resource_roles(row, CS_ROW_ROLES)),
                      .select = call->select,
                      .locale = call->cx->locale,
                      .collection = cs_call_collection(call, work->resource->collection)};
    cs_writer_t writer = cs_call_writer(call);

    cs_map_entity(&writer, work->resource->entity, &row[CS_ROW_ENTITY], &view);
    call->id = row[CS_ROW_ENTITY].cells[0].u.i;
    cs_condition_mark(call, row[CS_ROW_VERSION].cells[0].u.i, row[CS_ROW_CHANGED].cells[0].u.i);
    return cs_call_finish(call, 200);
}

/* Whether an entity that is not there may be one that is not as demanded.  To who reads, what is not there is
 * unchanged by nobody: he demands nothing of it unless it be a certain one. */
static int is_conditional(const work_t *work, cs_act_t act)
{
    const cs_conditions_t *conditions = &work->call->conditions;

    return conditions->match ||
           (act != work->resource->read && (conditions->none_match || conditions->unmodified_since));
}

/* The only row, when it holds an entity: resource->unknown, ACCESS_DENIED, CONDITION. */
static cs_error_t *take_row(const work_t *work, cs_rows_t *rows, cs_act_t act, const cs_record_t **row_out)
{
    *row_out = cs_rows_get(rows, 0);
    if ((*row_out)[CS_ROW_ENTITY].cells[0].set) {
        return NULL;
    }
    CS_TRY(cs_resource_judge(work->call, work->resource, *row_out, act));
    return is_conditional(work, act) ? cs_condition_failed(work->call)
                                     : cs_resource_unknown(work->call, work->resource);
}

/* ---------------- reading */

cs_error_t *cs_resource_default(cs_call_t *call, const cs_resource_t *resource)
{
    cs_val_t caller = cs_identity_arg(call);
    cs_view_t view = {.parts = &call->site->parts[call->media->format],
                      .right = CS_RIGHT_READ,
                      .select = call->select,
                      .locale = call->cx->locale};
    cs_rows_t *rows;
    cs_writer_t writer;

    CS_TRY(cs_identity_run(call, resource->stmts.blank, &caller, 1, &rows));
    if (cs_resource_roles(cs_rows_get(rows, 0), CS_ROW_ROLES) & cs_access_roles(resource->create)) {
        view.right = CS_RIGHT_SAVE;
    }
    writer = cs_call_writer(call);
    cs_map_entity(&writer, resource->entity, NULL, &view);
    return cs_call_finish(call, 200);
}

/* Whether the client may have the answer already, and the database can tell. */
static int is_asked_again(const work_t *work)
{
    const cs_call_t *call = work->call;

    return work->resource->marks && call->conditions.none_match && !call->body && call->tags &&
           cs_db_has_marks(call->db);
}

/* What the row says of the answer's tag. */
static cs_tag_t tag_of_row(const work_t *work, const cs_record_t *row, int mark)
{
    return (cs_tag_t){.version = row[CS_ROW_VERSION].cells[0].u.i,
                      .mark = row[mark].cells[0].u.i,
                      .right = (int)cs_resource_right(work->resource, cs_resource_roles(row, CS_ROW_ROLES)),
                      .era = cs_db_era(work->call->db)};
}

/* *same_out: the client has what he would get, and the call knows its tag.  Whatever else there is to tell is
 * told by who reads it. */
static cs_error_t *check(const work_t *work, const cs_val_t *args, int *same_out)
{
    cs_call_t *call = work->call;
    const cs_record_t *row;
    cs_rows_t *rows;
    cs_tag_t given, now;

    *same_out = 0;
    if (!cs_condition_recall(call, &given)) {
        return NULL;
    }
    CS_TRY(cs_identity_run(call, work->resource->stmts.check, args, 2, &rows));
    row = cs_rows_get(rows, 0);
    now = tag_of_row(work, row, CS_ROW_ENTITY);
    *same_out = row[CS_ROW_VERSION].cells[0].set && row[CS_ROW_ENTITY].cells[0].set &&
                cs_resource_roles(row, CS_ROW_ROLES) & cs_access_roles(work->resource->read) &&
                now.version == given.version && now.mark == given.mark && now.right == given.right &&
                now.era == given.era;
    if (*same_out) {
        cs_condition_restore(call, &given, row[CS_ROW_CHANGED].cells[0].u.i);
        call->id = call->match.id;
    }
    return NULL;
}

/* By one of the statements that bring it; a mark that comes with it is remembered with the answer's tag, if
 * no connection was made meanwhile. */
static cs_error_t *read_entity(const work_t *work, cs_stmt_id_t stmt, const cs_val_t *args)
{
    const cs_resource_t *resource = work->resource;
    unsigned era = cs_db_era(work->call->db);
    const cs_record_t *row;
    cs_rows_t *rows;
    cs_tag_t tag;

    CS_TRY(cs_identity_run(work->call, stmt, args, 2, &rows));
    /* The statement brings the entity also to whom it is not to be shown. */
    CS_TRY(cs_resource_judge(work->call, resource, cs_rows_get(rows, 0), resource->read));
    CS_TRY(take_row(work, rows, resource->read, &row));
    CS_TRY(reply(work, row));
    if (stmt == resource->stmts.get) {
        return NULL;
    }
    if (!row[cs_resource_row_end(resource)].cells[0].set) {
        cs_db_lacks_marks(work->call->db);
        return NULL;
    }
    tag = tag_of_row(work, row, cs_resource_row_end(resource));
    if (tag.era == era) {
        cs_condition_remember(work->call, tag);
    }
    return NULL;
}

static cs_error_t *read_again(const work_t *work, const cs_val_t *args)
{
    int same;

    CS_TRY(check(work, args, &same));
    return same ? cs_call_finish(work->call, 200) : read_entity(work, work->resource->stmts.get_marked, args);
}

cs_error_t *cs_resource_get(cs_call_t *call, const cs_resource_t *resource)
{
    const work_t work = {call, resource};
    const cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id)};
    int again = is_asked_again(&work);
    cs_error_t *error = again ? read_again(&work, args) : read_entity(&work, resource->stmts.get, args);

    if (again && cs_call_lacks_marks(call, error)) {
        error = read_entity(&work, resource->stmts.get, args);
    }
    return error ? error : cs_condition_read(call);
}

/* ---------------- changing */

/* The arguments of every statement that changes what is there. */
enum { GUARDED_ARGS = 3 + CS_GUARD_ARGS };

static void guarded_args(const cs_call_t *call, cs_act_t act, cs_val_t *args)
{
    args[0] = cs_identity_arg(call);
    args[1] = cs_val_int(call->match.id);
    cs_condition_guard(call, args + 2);
    args[2 + CS_GUARD_ARGS] = cs_val_int(cs_access_roles(act));
}

static int save_args(const work_t *work, cs_val_t *args)
{
    guarded_args(work->call, work->resource->save, args);
    if (work->resource->more) {
        work->resource->add_more(work->call, args + GUARDED_ARGS);
    }
    return GUARDED_ARGS + work->resource->more;
}

cs_error_t *cs_resource_delete(cs_call_t *call, const cs_resource_t *resource)
{
    const work_t work = {call, resource};
    cs_val_t args[GUARDED_ARGS];
    const cs_record_t *row;
    cs_rows_t *rows;

    guarded_args(call, resource->remove, args);
    CS_TRY(cs_resource_run(call, resource->stmts.remove, resource->remove, args, GUARDED_ARGS, &rows));
    CS_TRY(take_row(&work, rows, resource->remove, &row));
    call->id = call->match.id;
    return cs_call_finish(call, 204);
}

/* The faults of a strict save: each reference whose record does not exist, by the flags in `known`. */
static cs_error_t *unknown_references(const work_t *work, const cs_record_t *known)
{
    apr_pool_t *pool = work->call->cx->pool;
    const apr_array_header_t *leaves = cs_entity_leaves(pool, work->resource->entity);
    cs_error_t *faults = NULL, *whole;
    int next = 0;

    for (int i = 0; i < leaves->nelts; i++) {
        const cs_leaf_t *leaf = &APR_ARRAY_IDX(leaves, i, cs_leaf_t);

        if (!leaf->field->entity || !leaf->writable || known->cells[next++].u.i) {
            continue;
        }
        cs_error_add(&faults, cs_error_make(pool, CS_E_REFERENCE_UNKNOWN, leaf->path,
                                            "%s names a %s that does not exist", leaf->path,
                                            leaf->field->entity->label));
    }
    if (!faults) {
        return NULL;
    }
    whole = cs_error_make(pool, CS_E_REFERENCE_UNKNOWN, NULL, "%s", faults->message);
    whole->next = faults;
    return whole;
}

/* A statement that saves, in the two ways to treat references. */
typedef struct save_t {
    cs_stmt_id_t loose, strict;
    cs_act_t act;
} save_t;

/* Before the body's references are judged: whether it is his to send one.  That an entity is missing is told
 * after them; of one that was saved the roles are those that the save left him. */
static cs_error_t *judge_refused(const work_t *work, const cs_record_t *row, cs_act_t act)
{
    int missing = act != work->resource->create && !cs_resource_roles(row, CS_ROW_ROLES);

    return row[CS_ROW_ENTITY].cells[0].set || missing
               ? NULL
               : cs_resource_judge(work->call, work->resource, row, act);
}

/* args: the statement's own, then the values. */
static cs_error_t *save(const work_t *work, const save_t *how, const cs_val_t *args, int own,
                        const cs_record_t **row_out)
{
    int strict = work->call->site->strict;
    cs_rows_t *rows;

    CS_TRY(cs_resource_run(work->call, strict ? how->strict : how->loose, how->act, args,
                           own + cs_check_count(work->resource->entity), &rows));
    if (strict) {
        const cs_record_t *row = cs_rows_get(rows, 0);

        CS_TRY(judge_refused(work, row, how->act));
        CS_TRY(unknown_references(work, &row[cs_resource_row_end(work->resource)]));
    }
    return take_row(work, rows, how->act, row_out);
}

/* With room for the statement's own and the values. */
static cs_val_t *make_args(const work_t *work)
{
    int count =
        GUARDED_ARGS + work->resource->first + work->resource->more + cs_check_count(work->resource->entity);

    return apr_palloc(work->call->cx->pool, sizeof(cs_val_t) * (apr_size_t)count);
}

cs_error_t *cs_resource_create(cs_call_t *call, const cs_resource_t *resource)
{
    const work_t work = {call, resource};
    const save_t create = {resource->stmts.create, resource->stmts.create_strict, resource->create};
    cs_val_t *args = make_args(&work);
    const cs_record_t *row;

    args[0] = cs_identity_arg(call);
    args[1] = cs_val_int(cs_access_roles(resource->create));
    if (resource->first) {
        CS_TRY(resource->add_first(call, args + 2));
    }
    CS_TRY(cs_body_values(call, resource->entity, args + 2 + resource->first));
    CS_TRY(save(&work, &create, args, 2 + resource->first, &row));
    return reply(&work, row);
}

static cs_error_t *save_again(const work_t *work, const cs_val_t *args, int own, const cs_record_t **row_out)
{
    const cs_resource_t *resource = work->resource;
    const save_t replace = {resource->stmts.replace, resource->stmts.replace_strict, resource->save};

    return save(work, &replace, args, own, row_out);
}

cs_error_t *cs_resource_replace(cs_call_t *call, const cs_resource_t *resource)
{
    const work_t work = {call, resource};
    cs_val_t *args = make_args(&work);
    const cs_record_t *row;
    int own;

    own = save_args(&work, args);
    CS_TRY(cs_body_values(call, resource->entity, args + own));
    CS_TRY(save_again(&work, args, own, &row));
    return reply(&work, row);
}

/* ---------------- patching */

cs_error_t *cs_resource_patch(cs_call_t *call, const cs_resource_t *resource)
{
    const work_t work = {call, resource};
    cs_val_t *args = make_args(&work);
    int own = save_args(&work, args), changed;
    const cs_record_t *row;
    cs_rows_t *rows;

    CS_TRY(cs_resource_run(call, resource->stmts.lock, resource->save, args, GUARDED_ARGS, &rows));
    CS_TRY(take_row(&work, rows, resource->save, &row));
    CS_TRY(cs_patch_entity(call->cx, resource->entity, &row[CS_ROW_ENTITY], call->doc, args + own, &changed));
    if (changed) {
        cs_condition_guard_none(args + 2); /* they were met, and hold as long as the lock */
        CS_TRY(save_again(&work, args, own, &row));
    }
    return reply(&work, row);
}
