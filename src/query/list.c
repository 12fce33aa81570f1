#include "query/list.h"

#include "base/num.h"
#include "base/text.h"

#include <apr_base64.h>
#include <apr_strings.h>
#include <string.h>

#define BLANKS " \t\r\n\f\v"

/* The next part of a list, without the blanks around it; 0 at the end. */
static int next_part(const char **at, const char **part_out, apr_size_t *len_out)
{
    const char *start = *at;
    apr_size_t len;

    if (!start) {
        return 0;
    }
    len = strcspn(start, ",");
    *at = start[len] ? start + len + 1 : NULL;
    while (len && strchr(BLANKS, *start)) {
        start++;
        len--;
    }
    while (len && strchr(BLANKS, start[len - 1])) {
        len--;
    }
    *part_out = start;
    *len_out = len;
    return 1;
}

static const char *shown(apr_pool_t *pool, const char *s, apr_size_t len)
{
    return cs_text_clean(pool, s, len, 60);
}

/* ---------------- $select */

/* Whether a name stands in the list already, as a program would tell names apart. */
static int is_chosen(const apr_array_header_t *chosen, const char *name, apr_size_t len)
{
    for (int i = 0; i < chosen->nelts; i++) {
        const cs_chosen_t *other = &APR_ARRAY_IDX(chosen, i, cs_chosen_t);

        if (cs_text_same(other->name, other->len, name, len)) {
            return 1;
        }
    }
    return 0;
}

static const char *safe_name(apr_pool_t *pool, const char *name, apr_size_t len)
{
    char *text = apr_pstrmemdup(pool, name, len);

    for (char *c = text; *c; c++) {
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9'))) {
            *c = '_';
        }
    }
    return text;
}

static cs_error_t *choose(apr_pool_t *pool, apr_array_header_t *chosen, const cs_listed_t *listed,
                          const char *name, apr_size_t len, int safe)
{
    const char *text = safe ? safe_name(pool, name, len) : apr_pstrmemdup(pool, name, len);

    if (is_chosen(chosen, text, len)) {
        return NULL;
    }
    if (chosen->nelts == CS_SELECT_MAX) {
        return cs_error_make(pool, CS_E_SELECT_COLUMN, "$select", "$select takes at most %d columns",
                             CS_SELECT_MAX);
    }
    APR_ARRAY_PUSH(chosen, cs_chosen_t) = (cs_chosen_t){*listed, text, len};
    return NULL;
}

static cs_error_t *choose_defaults(apr_pool_t *pool, apr_array_header_t *chosen, int safe)
{
    const cs_archive_family_t *family = cs_archive_family(0);

    for (const cs_archive_column_t *column = family->columns; column->name; column++) {
        if (column->by != CS_BY_SWITCH) {
            cs_listed_t listed = {column, family};

            CS_TRY(choose(pool, chosen, &listed, column->name, strlen(column->name), safe));
        }
    }
    return NULL;
}

cs_error_t *cs_list_select(apr_pool_t *pool, const char *text, int safe,
                           const apr_array_header_t **chosen_out)
{
    apr_array_header_t *chosen = apr_array_make(pool, 24, sizeof(cs_chosen_t));
    const char *part;
    apr_size_t len;
    int all = 1; /* nothing but blanks and "*" */

    *chosen_out = chosen;
    while (next_part(&text, &part, &len)) {
        cs_listed_t listed;

        while (len && part[len - 1] == '?') {
            len--; /* some clients glue the mark of the query to its last name */
        }
        all = all && (len == 0 || (len == 1 && *part == '*'));
        if (memchr(part, '(', len)) {
            return cs_error_make(pool, CS_E_SELECT_COLUMN, "$select",
                                 "$select has '%s': functions are not supported here",
                                 shown(pool, part, len));
        }
        if (cs_archive_find(part, len, &listed)) {
            CS_TRY(choose(pool, chosen, &listed, part, len, safe));
        }
    }
    return all ? choose_defaults(pool, chosen, safe) : NULL;
}

/* ---------------- $orderBy
 *
 *      order = part *( "," part )        part = [ column [ "asc" / "desc" ] ]
 */
static cs_error_t *order_error(apr_pool_t *pool, cs_code_t code, const char *part, apr_size_t len,
                               const char *reason)
{
    return cs_error_make(pool, code, "$orderBy", "$orderBy has '%s': %s", shown(pool, part, len), reason);
}

static cs_error_t *parse_order(apr_pool_t *pool, const char *part, apr_size_t len, cs_order_t *order)
{
    apr_size_t name = 0, blank;

    while (name < len && !strchr(BLANKS, part[name])) {
        name++;
    }
    for (blank = name; blank < len && strchr(BLANKS, part[blank]); blank++) {
    }
    order->descending = cs_text_same(part + blank, len - blank, "desc", 4);
    if (blank < len && !order->descending && !cs_text_same(part + blank, len - blank, "asc", 3)) {
        return order_error(pool, CS_E_ORDER_SYNTAX, part, len,
                           "a column, then \"asc\", \"desc\" or nothing, is expected");
    }
    if (!cs_archive_find(part, name, &order->listed)) {
        return order_error(pool, CS_E_ORDER_COLUMN, part, name, "there is no such column");
    }
    if (!order->listed.column->sortable) {
        return order_error(pool, CS_E_ORDER_COLUMN, part, name, "this column cannot be sorted by");
    }
    return NULL;
}

static int is_ordered(const apr_array_header_t *orders, const cs_order_t *order)
{
    for (int i = 0; i < orders->nelts; i++) {
        const cs_listed_t *other = &APR_ARRAY_IDX(orders, i, cs_order_t).listed;

        if (other->column == order->listed.column && other->family == order->listed.family) {
            return 1;
        }
    }
    return 0;
}

/* What stands behind the key, or a second time, decides nothing. */
cs_error_t *cs_list_order(apr_pool_t *pool, const char *text, const apr_array_header_t **orders_out)
{
    apr_array_header_t *orders = apr_array_make(pool, 4, sizeof(cs_order_t));
    cs_order_t key = {.listed = cs_archive_key()};
    const char *part;
    apr_size_t len;

    *orders_out = orders;
    while (next_part(&text, &part, &len)) {
        cs_order_t order;

        if (len == 0) {
            continue;
        }
        CS_TRY(parse_order(pool, part, len, &order));
        if (is_ordered(orders, &key) || is_ordered(orders, &order)) {
            continue;
        }
        if (orders->nelts == CS_ORDER_MAX) {
            return order_error(pool, CS_E_ORDER_SYNTAX, part, len,
                               "there are more than " APR_STRINGIFY(CS_ORDER_MAX) " columns");
        }
        APR_ARRAY_PUSH(orders, cs_order_t) = order;
    }
    if (!is_ordered(orders, &key)) {
        key.descending = orders->nelts && APR_ARRAY_IDX(orders, orders->nelts - 1, cs_order_t).descending;
        APR_ARRAY_PUSH(orders, cs_order_t) = key;
    }
    return NULL;
}

cs_kind_t cs_order_kind(const cs_order_t *order)
{
    return order->listed.column->shown ? CS_K_TEXT : order->listed.column->kind;
}

/* ---------------- continuation
 *
 *      text = base64url of *( ( "n" number / "t" length ":" bytes ) ";" )
 *
 * A number is an integer, a time, a boolean, or the bits of a real. */
static const char *encode_value(apr_pool_t *pool, const cs_val_t *value)
{
    return value->kind == CS_K_TEXT
               ? apr_psprintf(pool, "t%" APR_SIZE_T_FMT ":%.*s;", value->len, (int)value->len, value->u.s)
               : apr_psprintf(pool, "n%" APR_INT64_T_FMT ";", value->u.i);
}

const char *cs_skip_encode(apr_pool_t *pool, const apr_array_header_t *orders, const cs_val_t *values)
{
    const char *text = "";
    char *out;

    for (int i = 0; i < orders->nelts; i++) {
        text = apr_pstrcat(pool, text, encode_value(pool, &values[i]), NULL);
    }
    out = apr_palloc(pool, (apr_size_t)apr_base64_encode_len((int)strlen(text)));
    apr_base64_encode(out, text, (int)strlen(text));
    for (char *c = out; *c; c++) {
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    }
    out[strcspn(out, "=")] = '\0';
    return out;
}

/* From behind its letter to behind its ";": 1, or 0. */
static int decode_value(const char **at, const char *end, cs_kind_t kind, cs_val_t *value)
{
    const char *mark = *at < end ? memchr(*at, kind == CS_K_TEXT ? ':' : ';', (apr_size_t)(end - *at)) : NULL;
    apr_int64_t number;

    if (!mark || **at != (kind == CS_K_TEXT ? 't' : 'n') ||
        !cs_text_integer(*at + 1, (apr_size_t)(mark - *at - 1), &number)) {
        return 0;
    }
    *at = mark + 1;
    if (kind != CS_K_TEXT) {
        *value = (cs_val_t){.kind = kind, .set = 1, .u.i = number};
        return kind != CS_K_BOOL || number == 0 || number == 1;
    }
    if (number < 0 || number >= end - *at || (*at)[number] != ';' ||
        !cs_utf8_valid(*at, (apr_size_t)number, NULL) || memchr(*at, '\0', (apr_size_t)number)) {
        return 0;
    }
    *value = cs_val_text(*at, (apr_size_t)number);
    *at += number + 1;
    return 1;
}

/* Bytes of a base64url text, or -1. */
static apr_ssize_t decode_base64(apr_pool_t *pool, const char *text, const char **bytes_out)
{
    apr_size_t len = strlen(text);
    char *copy = apr_pstrdup(pool, text), *bytes = apr_palloc(pool, len + 4);

    for (char *c = copy; *c; c++) {
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    }
    *bytes_out = bytes;
    if (strspn(copy, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") != len ||
        len % 4 == 1 || len > CS_FILTER_LENGTH) {
        return -1;
    }
    return apr_base64_decode_binary((unsigned char *)bytes, copy);
}

cs_error_t *cs_skip_decode(apr_pool_t *pool, const apr_array_header_t *orders, const char *text,
                           const cs_val_t **values_out)
{
    cs_val_t *values = apr_pcalloc(pool, sizeof(*values) * (apr_size_t)orders->nelts);
    const char *at, *end;
    apr_ssize_t len = decode_base64(pool, text, &at);
    int fine = len >= 0;

    end = fine ? at + len : at;
    for (int i = 0; fine && i < orders->nelts; i++) {
        fine = decode_value(&at, end, cs_order_kind(&APR_ARRAY_IDX(orders, i, cs_order_t)), &values[i]);
    }
    if (!fine || at != end) {
        return cs_error_make(pool, CS_E_SKIP_TOKEN, "$skiptoken",
                             "$skiptoken is not one of this list: take odata.nextLink as it stands");
    }
    *values_out = values;
    return NULL;
}
