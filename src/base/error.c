#include "base/error.h"

#include <apr_strings.h>
#include <stdarg.h>

static const cs_code_row_t rows[] = {
#define CS_CODE(name, status, wire, type, title) {#name, status, wire, type, title},
#include "base/error_codes.h"
#undef CS_CODE
};

const cs_code_row_t *cs_code_row(cs_code_t code)
{
    return &rows[code];
}

cs_error_t *cs_error_make(apr_pool_t *pool, cs_code_t code, const char *field, const char *format, ...)
{
    cs_error_t *error = apr_pcalloc(pool, sizeof(*error));
    va_list args;

    va_start(args, format);
    error->message = apr_pvsprintf(pool, format, args);
    va_end(args);
    error->code = code;
    error->field = field;
    return error;
}

cs_error_t *cs_error_detail(cs_error_t *error, const char *detail)
{
    error->detail = detail;
    return error;
}

void cs_error_add(cs_error_t **list, cs_error_t *fault)
{
    while (*list) {
        list = &(*list)->next;
    }
    *list = fault;
}

int cs_error_count(const cs_error_t *list)
{
    int count = 0;

    for (; list; list = list->next) {
        count++;
    }
    return count;
}
