/* api/resource.h -- an entity that is stored: shown new, read, created, replaced, patched, deleted.
 *
 * What is the same for all of them, by a description of each.  The path's {id} names it; the caller's roles
 * come with each statement, which does only what they permit. */
#ifndef CS_API_RESOURCE_H
#define CS_API_RESOURCE_H

#include "api/call.h"
#include "model/access.h"
#include "model/rights.h"

/* Columns of the statements' rows: the caller; his roles, NULL where there is no such entity; its version,
 * and when that was made; the entity, or NULL where it was not to be had; then its references.  A strict save
 * has one more: which of its references exist. */
enum { CS_ROW_CALLER, CS_ROW_ROLES, CS_ROW_VERSION, CS_ROW_CHANGED, CS_ROW_ENTITY };

typedef struct cs_resource_t {
    const cs_entity_t *entity;
    const char *collection; /* "/ChatSession" */
    const char *place;      /* of a refusal to create one: " in this topic" */
    cs_code_t unknown;      /* there is none */
    cs_act_t read, create, save, remove;

    /* Arguments of the statements: the caller; the id, but for blank and create; what is demanded of its
     * state (api/condition.h), but for get; the roles that may, but for blank and get; `first` of a
     * create, `more` of a save; the values of either. */
    struct {
        cs_stmt_id_t blank, get, lock, create, create_strict, replace, replace_strict, remove;
        cs_stmt_id_t get_marked; /* get, with the records' mark behind the references */
        cs_stmt_id_t check;      /* with it alone, in the entity's place */
    } stmts;
    int marks; /* there are those two */
    int first;
    cs_error_t *(*add_first)(const cs_call_t *call, cs_val_t *args_out);
    int more;
    void (*add_more)(const cs_call_t *call, cs_val_t *args_out);
} cs_resource_t;

cs_error_t *cs_resource_default(cs_call_t *call, const cs_resource_t *resource) CS_CHECKED;
cs_error_t *cs_resource_get(cs_call_t *call, const cs_resource_t *resource) CS_CHECKED;
cs_error_t *cs_resource_create(cs_call_t *call, const cs_resource_t *resource) CS_CHECKED;
cs_error_t *cs_resource_replace(cs_call_t *call, const cs_resource_t *resource) CS_CHECKED;
cs_error_t *cs_resource_delete(cs_call_t *call, const cs_resource_t *resource) CS_CHECKED;

/* Reads, changes and writes under the row's lock: to be run in a transaction. */
cs_error_t *cs_resource_patch(cs_call_t *call, const cs_resource_t *resource) CS_CHECKED;

/* The first column behind the references. */
int cs_resource_row_end(const cs_resource_t *resource);

/* The roles in that column; 0 where it is NULL. */
int cs_resource_roles(const cs_record_t *row, int column);

/* Runs a statement that brings an entity.  One that somebody changed while the statement waited for it may be
 * missing in the row although the roles of before would do: then once more, for what is there now. */
cs_error_t *cs_resource_run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                            cs_rows_t **rows_out) CS_CHECKED;

/* What TableRight says to somebody with these roles. */
cs_right_t cs_resource_right(const cs_resource_t *resource, int roles);

/* Why the roles in CS_ROW_ROLES do not permit it: resource->unknown, ACCESS_DENIED, or NULL when they do. */
cs_error_t *cs_resource_judge(const cs_call_t *call, const cs_resource_t *resource, const cs_record_t *row,
                              cs_act_t act) CS_CHECKED;

cs_error_t *cs_resource_unknown(const cs_call_t *call, const cs_resource_t *resource) CS_CHECKED;

#endif
