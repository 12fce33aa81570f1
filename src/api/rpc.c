#include "api/rpc.h"

#include "api/body.h"
#include "api/query_string.h"
#include "base/text.h"
#include "model/check.h"

#include <apr_strings.h>
#include <string.h>

/* ---------------- faults */

/* The field of a fault as the caller of a method sees it: inside the part. */
static const char *inside(const cs_call_t *call, const char *part, const char *field)
{
    return part && field ? apr_pstrcat(call->cx->pool, part, "/", field, NULL) : field;
}

/* Adds the faults of the whole or, by its name, of a part. */
static void add_all(const cs_call_t *call, cs_error_t **faults, const char *part, cs_error_t *list)
{
    cs_error_t *next;

    for (cs_error_t *fault = list; fault; fault = next) {
        next = fault->next;
        fault->next = NULL;
        fault->field = inside(call, part, fault->field);
        fault->message = inside(call, part, fault->message);
        cs_error_add(faults, fault);
    }
}

/* The same with what a check has found.  An error of another kind is told alone. */
static cs_error_t *collect(const cs_call_t *call, cs_error_t **faults, const char *part, cs_error_t *found)
{
    if (found && found->code != CS_E_BODY_INVALID) {
        return found;
    }
    add_all(call, faults, part, found ? found->next : NULL);
    return NULL;
}

static const char *lack(const cs_call_t *call, const char *name, const char *kind, const char *where)
{
    return apr_psprintf(call->cx->pool, "%s is missing: %s takes it, %s, in the request's %s", name,
                        cs_rpc_name(call->match.route), kind, where);
}

/* The check of an entity knows no method: what it found missing in the wrapper is told as the method's. */
static void tell_missing(const cs_call_t *call, const cs_entity_t *wrapper, cs_error_t *faults)
{
    for (cs_error_t *fault = faults; fault; fault = fault->next) {
        const cs_field_t *field = fault->code == CS_E_PARAMETER_MISSING
                                      ? cs_entity_find(wrapper, fault->field, strlen(fault->field))
                                      : NULL;

        if (field) {
            fault->message =
                lack(call, field->name, field->type == CS_T_STRING ? "a string" : "an integer", "body");
        }
    }
}

/* ---------------- parameters to where the operations look for them */

static void place_id(cs_call_t *call, const cs_val_t *value)
{
    call->match.id = value->u.i;
}

static void place_name(cs_call_t *call, const cs_val_t *value)
{
    call->match.name = value->u.s;
}

/* Those that stand in REST's paths; all others are in its queries. */
static const struct {
    const char *name;
    void (*place)(cs_call_t *call, const cs_val_t *value);
} in_path[] = {
    {"ChatSessionId", place_id},
    {"ChatTopicId", place_id},
    {"ToAssociate", place_name},
    {"Username", place_name},
};

static void place(cs_call_t *call, const cs_field_t *field, const cs_val_t *value)
{
    for (apr_size_t i = 0; i < sizeof(in_path) / sizeof(in_path[0]); i++) {
        if (strcmp(field->name, in_path[i].name) == 0) {
            in_path[i].place(call, value);
            return;
        }
    }
    apr_table_setn(call->parameters, field->name,
                   field->type == CS_T_BOOL ? (value->u.i ? "true" : "false")
                                            : apr_psprintf(call->cx->pool, "%" APR_INT64_T_FMT, value->u.i));
}

/* ---------------- what the body holds */

static cs_error_t *check(const cs_call_t *call, const cs_entity_t *entity, const cs_doc_t *doc)
{
    cs_val_t *unused = apr_palloc(call->cx->pool, sizeof(*unused) * (apr_size_t)cs_check_count(entity));

    return cs_check_entity(call->cx, entity, doc, unused);
}

static const char *part_kind(const cs_call_t *call, const cs_rpc_t *rpc)
{
    return apr_pstrcat(call->cx->pool, rpc->many ? "an array of objects, each a " : "a ", rpc->entity->label,
                       NULL);
}

static void refuse_part(const cs_call_t *call, const cs_rpc_t *rpc, const cs_doc_t *part, cs_error_t **faults)
{
    cs_error_add(faults, cs_error_make(call->cx->pool, CS_E_VALUE_TYPE, rpc->part, "%s takes %s, not %s",
                                       rpc->part, part_kind(call, rpc), cs_doc_kind_name(part->kind)));
}

/* The part as REST's body of several is: XML says an array of one or none in its own way. */
static const cs_doc_t *as_list(const cs_call_t *call, const cs_doc_t *part)
{
    cs_doc_t *list;

    if (call->sent_media->format != CS_FORMAT_XML || part->kind == CS_DOC_ARRAY) {
        return part;
    }
    list = apr_pmemdup(call->cx->pool, part, sizeof(*part));
    if (part->kind == CS_DOC_STRING && strspn(part->text, " \t\r\n") == part->len) {
        list->kind = CS_DOC_ARRAY;
        list->count = 0;
    }
    else if (part->kind == CS_DOC_OBJECT) {
        list->text = "Array"; /* as the root of such a body begins */
        list->len = strlen(list->text);
    }
    return list;
}

static cs_error_t *judge_list(cs_call_t *call, const cs_rpc_t *rpc, const cs_doc_t *part, cs_error_t **faults)
{
    const apr_array_header_t *items;
    cs_error_t *found = NULL;

    call->doc = as_list(call, part);
    if (cs_body_items(call, rpc->entity, &items)) {
        refuse_part(call, rpc, part, faults);
        return NULL;
    }
    for (int i = 0; i < items->nelts; i++) {
        cs_body_fault(call, &found, i, check(call, rpc->entity, APR_ARRAY_IDX(items, i, const cs_doc_t *)));
    }
    add_all(call, faults, rpc->part, found);
    return NULL;
}

/* What of the body REST would get as a body; judged here, so that its faults are told with those of the
 * parameters. */
static cs_error_t *take_part(cs_call_t *call, const cs_rpc_t *rpc, cs_error_t **faults)
{
    int twice;
    const cs_doc_t *part = cs_doc_find(call->doc, rpc->part, &twice);

    if (twice) {
        cs_error_add(faults, cs_error_make(call->cx->pool, CS_E_VALUE_TWICE, rpc->part,
                                           "%s is given twice, in different case", rpc->part));
        return NULL;
    }
    if (!part || part->kind == CS_DOC_NULL) {
        cs_error_add(faults, cs_error_make(call->cx->pool, CS_E_PARAMETER_MISSING, rpc->part, "%s",
                                           lack(call, rpc->part, part_kind(call, rpc), "body")));
        return NULL;
    }
    if (rpc->many) {
        return judge_list(call, rpc, part, faults);
    }
    if (part->kind != CS_DOC_OBJECT) {
        refuse_part(call, rpc, part, faults);
        return NULL;
    }
    call->doc = part;
    return collect(call, faults, rpc->part, check(call, rpc->entity, part));
}

/* The parameters in the body, and what of it REST would get as a body: every fault of both at once. */
static cs_error_t *take_wrapper(cs_call_t *call, const cs_rpc_t *rpc)
{
    const cs_entity_t *wrapper = rpc->wrapper;
    cs_val_t *values = apr_palloc(call->cx->pool, sizeof(*values) * (apr_size_t)wrapper->count);
    cs_error_t *faults = NULL;

    CS_TRY(cs_body_is(call, wrapper, "Request"));
    CS_TRY(collect(call, &faults, NULL, cs_check_entity(call->cx, wrapper, call->doc, values)));
    tell_missing(call, wrapper, faults);
    if (rpc->part) {
        CS_TRY(take_part(call, rpc, &faults));
    }
    if (faults) {
        return cs_check_gather(call->cx, faults);
    }
    call->parameters = apr_table_make(call->cx->pool, wrapper->count);
    for (int i = 0; i < wrapper->count; i++) {
        place(call, &wrapper->fields[i], &values[i]);
    }
    return NULL;
}

/* ---------------- ids */

static cs_error_t *take_query_id(cs_call_t *call, const cs_rpc_t *rpc)
{
    const char *text;

    CS_TRY(cs_query_get(call->cx->pool, call->query, rpc->query_id, &text));
    if (!text || !*text) {
        return cs_error_make(call->cx->pool, CS_E_PARAMETER_MISSING, rpc->query_id, "%s",
                             lack(call, rpc->query_id, "an integer", "query"));
    }
    if (!cs_text_integer(text, strlen(text), &call->match.id) || call->match.id < -APR_INT64_C(2147483648) ||
        call->match.id > APR_INT64_C(2147483647)) {
        return cs_error_make(call->cx->pool, CS_E_QUERY_VALUE, rpc->query_id,
                             "%s takes an integer from -2147483648 to 2147483647, not '%s'", rpc->query_id,
                             cs_text_clean(call->cx->pool, text, strlen(text), 60));
    }
    return NULL;
}

/* Of an entity to save: in this style its id counts.  What is wrong with it is told with its other faults. */
static cs_error_t *take_key(cs_call_t *call, const cs_rpc_t *rpc)
{
    const cs_field_t *key = cs_entity_key(rpc->entity);
    const cs_doc_t *said = call->doc->kind == CS_DOC_OBJECT ? cs_doc_find(call->doc, key->name, NULL) : NULL;
    cs_error_t *faults = NULL, *fault;
    cs_val_t value;

    fault = cs_check_value(call->cx, key, key->name, said, &value);
    if (fault && said->kind != CS_DOC_NUMBER) { /* that one, the check of the whole finds as well */
        cs_error_add(&faults, fault);
        CS_TRY(collect(call, &faults, NULL, check(call, rpc->entity, call->doc)));
        return cs_check_gather(call->cx, faults);
    }
    call->match.id = fault ? 0 : value.u.i;
    return NULL;
}

/* ---------------- the call */

static cs_error_t *take_parameters(cs_call_t *call, const cs_rpc_t *rpc)
{
    if (rpc->wrapper) {
        return take_wrapper(call, rpc);
    }
    if (rpc->query_id) {
        return take_query_id(call, rpc);
    }
    return rpc->create ? take_key(call, rpc) : NULL;
}

static cs_error_t *reply_null(cs_call_t *call)
{
    cs_writer_t writer = cs_call_writer(call);

    writer.ops->null(&writer);
    return cs_call_finish(call, 200);
}

/* What the operation finds wrong with its body stands in a part of this one. */
static cs_error_t *in_part(const cs_call_t *call, const cs_rpc_t *rpc, cs_error_t *error)
{
    for (cs_error_t *fault = rpc->part ? error : NULL; fault; fault = fault->next) {
        fault->field = inside(call, rpc->part, fault->field);
    }
    return error;
}

cs_error_t *cs_rpc_run(cs_call_t *call)
{
    const cs_rpc_t *rpc = call->match.route->rpc;
    cs_error_t *error;

    if (call->match.route->flags & CS_R_READS) {
        memset(&call->conditions, 0, sizeof(call->conditions)); /* those are for GET, and this is a POST */
    }
    CS_TRY(cs_call_choose(call, rpc->select));
    CS_TRY(take_parameters(call, rpc));
    error = (rpc->create && !call->match.id ? rpc->create : rpc->operation)(call);
    return error && rpc->null_where_missing && cs_code_row(error->code)->status == 404
               ? reply_null(call)
               : in_part(call, rpc, error);
}
