/* t/fuzz/rpc.c -- any body for any method of the RPC style: it is refused with reasons, or its parameters are
 * where the operations look for them, as they may be there.
 *
 *      input = method %x00-FF format %x00-FF body      both numbers modulo how many there are */
#define CALLS_METHODS
#include "api/body.h"
#include "api/route.h"
#include "api/rpc.h"
#include "fuzz.h"
#include "handlers.h"
#include "model/check.h"

static const char *const types[] = {"application/json", "application/xml",
                                    "application/x-www-form-urlencoded"};

static void check_refused(const cs_rpc_t *rpc, const cs_error_t *error)
{
    fuzz_must_be_told(error);
    must(error->code != CS_E_BODY_INVALID || error->next);
    for (const cs_error_t *fault = error->next; fault; fault = fault->next) {
        fuzz_must_be_told(fault);
        must(fault->field);
        must(rpc->wrapper || cs_entity_find(rpc->entity, fault->field, strcspn(fault->field, "/")));
        must(!rpc->wrapper || cs_entity_find(rpc->wrapper, fault->field, strlen(fault->field)) ||
             !strncmp(fault->field, rpc->part, strlen(rpc->part)));
    }
    must(cs_error_count(error) <= 500);
}

static void check_parameters(const cs_call_t *call, const cs_rpc_t *rpc)
{
    must(call->match.id >= INT32_MIN && call->match.id <= INT32_MAX);
    must(!call->match.name || cs_utf8_valid(call->match.name, strlen(call->match.name), NULL));
    for (int i = 0; rpc->wrapper && i < rpc->wrapper->count; i++) {
        const cs_field_t *field = &rpc->wrapper->fields[i];
        const char *value = apr_table_get(call->parameters, field->name);
        apr_int64_t number;

        must(field->type != CS_T_BOOL || fuzz_same(value, "true") || fuzz_same(value, "false"));
        must(field->type != CS_T_INT || !value || cs_text_integer(value, strlen(value), &number));
        must(field->type != CS_T_STRING || call->match.name);
    }
}

/* REST's operation finds nothing wrong with what it gets as its body. */
static void check_body(cs_call_t *call, const cs_rpc_t *rpc)
{
    cs_val_t values[128];
    const apr_array_header_t *items;

    if (!rpc->entity) {
        return;
    }
    must(cs_check_count(rpc->entity) <= 128);
    if (rpc->many) {
        must(!cs_body_items(call, rpc->entity, &items));
        for (int i = 0; i < items->nelts; i++) {
            must(!cs_check_entity(call->cx, rpc->entity, APR_ARRAY_IDX(items, i, const cs_doc_t *), values));
        }
    }
    else if (rpc->wrapper) {
        must(!cs_check_entity(call->cx, rpc->entity, call->doc, values));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_call_t *call = apr_pcalloc(pool, sizeof(*call));
    const cs_route_t *row = size >= 2 ? cs_rpc_row(data[0] % 31) : NULL;
    cs_error_t *error;

    if (row && row->flags & CS_R_BODY) {
        call->cx = fuzz_ctx(pool);
        call->match.route = row;
        call->content_type = types[data[1] % 3];
        call->body = apr_pstrmemdup(pool, (const char *)data + 2, size - 2);
        call->body_len = size - 2;
        error = cs_body_decode(call);
        error = error ? error : cs_rpc_run(call);
        if (error) {
            check_refused(row->rpc, error);
        }
        else {
            check_parameters(call, row->rpc);
            check_body(call, row->rpc);
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
