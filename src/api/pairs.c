#include "api/pairs.h"

#include "api/body.h"
#include "base/num.h"

#include <apr_hash.h>
#include <string.h>

typedef struct taken_t {
    cs_buf_t *ids, *numbers;
    apr_hash_t *named; /* ids */
} taken_t;

static cs_error_t *take(const cs_call_t *call, const cs_pairs_t *pairs, const cs_doc_t *item, taken_t *taken)
{
    apr_int64_t *id = apr_palloc(call->cx->pool, sizeof(*id)), number;

    CS_TRY(pairs->read(call, item, id, &number));
    if (apr_hash_get(taken->named, id, sizeof(*id))) {
        return cs_error_make(call->cx->pool, CS_E_VALUE_TWICE, pairs->field,
                             "the %s %" APR_INT64_T_FMT " is named twice", pairs->noun, *id);
    }
    apr_hash_set(taken->named, id, sizeof(*id), id);
    cs_buf_put_listed(taken->ids, *id);
    cs_buf_put_listed(taken->numbers, number);
    return NULL;
}

static cs_val_t text_of(cs_buf_t *buf, apr_pool_t *pool)
{
    const char *text = cs_buf_text(buf, pool);

    return cs_val_text(text, strlen(text));
}

cs_error_t *cs_pairs_take(const cs_call_t *call, const cs_pairs_t *pairs, cs_val_t *ids_out,
                          cs_val_t *numbers_out)
{
    apr_pool_t *pool = call->cx->pool;
    const apr_array_header_t *items;
    cs_error_t *faults = NULL;
    apr_size_t room;
    taken_t taken;

    CS_TRY(cs_body_items(call, pairs->entity, &items));
    room = (apr_size_t)items->nelts * CS_NUM_MAX + 1;
    taken = (taken_t){cs_buf_make(pool, room), cs_buf_make(pool, room), apr_hash_make(pool)};
    for (int i = 0; i < items->nelts; i++) {
        cs_body_fault(call, &faults, i, take(call, pairs, APR_ARRAY_IDX(items, i, const cs_doc_t *), &taken));
    }
    *ids_out = text_of(taken.ids, pool);
    *numbers_out = text_of(taken.numbers, pool);
    return cs_body_faults(call, faults);
}
