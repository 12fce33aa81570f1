#include "db/asking.h"

#include "db/rows_take.h"
#include "db/types.h"

/* An array as PostgreSQL sends it: a head, then for each element its length (-1: NULL) and its bytes.
 *
 *      int32 dimensions, int32 whether there is a NULL, int32 type, int32 elements, int32 number of the first
 */
#define HEAD_SIZE 20

int cs_asking_count(const cs_asking_t *first)
{
    int count = 0;

    for (; first; first = first->next) {
        count++;
    }
    return count;
}

static int element_size(const cs_val_t *value)
{
    return !value->set ? 0 : value->kind == CS_K_TEXT ? (int)value->len : cs_type_size(value->kind);
}

static char *write_int32(char *at, apr_int64_t number)
{
    cs_write_number(at, number, 4);
    return at + 4;
}

static char *write_element(char *at, const cs_val_t *value)
{
    int size = element_size(value);

    at = write_int32(at, value->set ? size : -1);
    if (value->set && value->kind == CS_K_TEXT) {
        memcpy(at, value->u.s, value->len);
    }
    else if (value->set) {
        cs_write_number(at, value->u.i, size);
    }
    return at + size;
}

/* One argument of all of them; its length, in the first one's pool. */
static int write_array(const cs_asking_t *first, int arg, const char **bytes_out)
{
    int count = cs_asking_count(first), size = HEAD_SIZE, nulls = 0;
    char *bytes, *at;

    for (const cs_asking_t *one = first; one; one = one->next) {
        nulls |= !one->args[arg].set;
        size += 4 + element_size(&one->args[arg]);
    }
    *bytes_out = bytes = apr_palloc(first->cx->pool, (apr_size_t)size);
    at = write_int32(bytes, 1);
    at = write_int32(at, nulls);
    at = write_int32(at, cs_type_of_parameter(first->args[arg].kind));
    at = write_int32(at, count);
    at = write_int32(at, 1);
    for (const cs_asking_t *one = first; one; one = one->next) {
        at = write_element(at, &one->args[arg]);
    }
    return size;
}

int cs_asking_send(PGconn *pg, const cs_asking_t *first)
{
    const char *values[CS_ASKING_ARGS_MAX];
    int lengths[CS_ASKING_ARGS_MAX], formats[CS_ASKING_ARGS_MAX];

    for (int i = 0; i < first->count; i++) {
        lengths[i] = write_array(first, i, &values[i]);
        formats[i] = 1;
    }
    return PQsendQueryPrepared(pg, cs_stmt_table[first->stmt].name, first->count, values, lengths, formats,
                               1);
}

/* ---------------- rows */

/* Whose row it is; NULL: nobody's. */
static cs_asking_t *owner(cs_asking_t *first, const PGresult *result, int row)
{
    apr_int64_t number = PQgetlength(result, row, 0) == 8 ? cs_read_int64(PQgetvalue(result, row, 0)) : 0;

    while (first && --number > 0) {
        first = first->next;
    }
    return number == 0 ? first : NULL;
}

cs_error_t *cs_asking_take(cs_asking_t *first, const PGresult *result, const cs_layouts_t *layouts)
{
    for (cs_asking_t *one = first; one; one = one->next) {
        one->rows = one->changes ? NULL : cs_rows_none(one->cx->pool);
    }
    for (int row = 0; row < PQntuples(result); row++) {
        cs_asking_t *one = owner(first, result, row);

        if (one && (!one->rows || cs_rows_count(one->rows) == 0)) {
            CS_TRY(cs_rows_take_one(one->cx->pool, result, layouts, row, first->next != NULL, &one->rows));
        }
    }
    return NULL;
}
