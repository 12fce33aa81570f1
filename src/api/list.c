#include "api/list.h"

#include "api/call.h"
#include "api/identity.h"
#include "api/query_string.h"
#include "base/num.h"
#include "base/text.h"
#include "model/localize.h"
#include "query/list.h"
#include "wire/feed_write.h"

#include <apr_strings.h>
#include <string.h>

#define ENTITY_NAME  "chat"
#define CELLS_MAX    200000             /* of a page: rows of many columns are fewer */
#define ROWS_CEILING (14 * 1024 * 1024) /* bytes of a page, so that what is around it fits the reply too */
#define LINK_MAX     7000               /* bytes of a link, which fits httpd's LimitRequestLine */

/* What the request asks for. */
typedef struct page_t {
    cs_list_t list;
    apr_int64_t top; /* -1: not said */
    int ask_more;    /* one row more than a page, to know whether there are any */
    int size;        /* rows of this page at most */
    int nothing;     /* $entities names none of ours */
} page_t;

/* ---------------- parameters */

static cs_error_t *wrong(const cs_call_t *call, const char *name, const char *reason)
{
    return cs_error_make(call->cx->pool, CS_E_QUERY_VALUE, name, "%s %s", name, reason);
}

static cs_error_t *get(const cs_call_t *call, const char *name, const char **value_out)
{
    return cs_query_get(call->cx->pool, call->query, name, value_out);
}

/* Without the blanks around it; "+1" arrives as " 1". */
static const char *trimmed(apr_pool_t *pool, const char *text)
{
    apr_size_t len;

    text += strspn(text, " \t");
    len = strlen(text);
    while (len && strchr(" \t", text[len - 1])) {
        len--;
    }
    return apr_pstrmemdup(pool, text, len);
}

static cs_error_t *get_number(const cs_call_t *call, const char *name, apr_int64_t missing,
                              apr_int64_t *number_out)
{
    const char *text;

    CS_TRY(get(call, name, &text));
    *number_out = missing;
    if (!text || !*text) {
        return NULL;
    }
    text = trimmed(call->cx->pool, text);
    if (!cs_text_integer(text, strlen(text), number_out) || *number_out < 0 ||
        *number_out > APR_INT64_C(2147483647)) {
        return wrong(call, name, "takes a number from 0 to 2147483647");
    }
    return NULL;
}

/* One of the words in any case, the first when nothing is said. */
static cs_error_t *get_word(const cs_call_t *call, const char *name, const char *const *words,
                            int *number_out)
{
    const char *text, *list = "";

    CS_TRY(get(call, name, &text));
    *number_out = 0;
    if (!text || !*text) {
        return NULL;
    }
    for (int i = 0; words[i]; i++) {
        if (cs_text_same(text, strlen(text), words[i], strlen(words[i]))) {
            *number_out = i;
            return NULL;
        }
        list = apr_pstrcat(call->cx->pool, list, i ? ", " : "", words[i], NULL);
    }
    return wrong(call, name, apr_pstrcat(call->cx->pool, "takes one of ", list, NULL));
}

/* Stronger than Accept, for the answer itself as for what is wrong with it. */
static cs_error_t *read_format(cs_call_t *call)
{
    static const char *const formats[] = {"", "json", "xml", NULL};
    const cs_media_t *none;
    int format;

    CS_TRY(get_word(call, "$format", formats, &format));
    if (format) {
        call->media =
            cs_media_for_answer(format == 1 ? "application/json" : "application/xml", NULL, 0, &none);
    }
    return NULL;
}

/* Whether one of the names is that of our only entity. */
static cs_error_t *read_entities(const cs_call_t *call, page_t *page)
{
    const char *text;

    CS_TRY(get(call, "$entities", &text));
    page->nothing = text && *text;
    while (page->nothing && *text) {
        apr_size_t blanks = strspn(text, " ,"), len = strcspn(text + blanks, " ,");

        page->nothing = !cs_text_same(text + blanks, len, ENTITY_NAME, 4) &&
                        !cs_text_same(text + blanks, len, "chatsession", 11);
        text += blanks + len;
    }
    return NULL;
}

static cs_error_t *read_columns(const cs_call_t *call, page_t *page)
{
    static const char *const truths[] = {"false", "true", NULL};
    const char *text;
    int safe;

    CS_TRY(get_word(call, "$jsonSafe", truths, &safe));
    CS_TRY(get(call, "$select", &text));
    return cs_list_select(call->cx->pool, text, safe || call->media->format == CS_FORMAT_XML,
                          &page->list.chosen);
}

static cs_error_t *read_filter(const cs_call_t *call, page_t *page)
{
    const char *text;
    cs_node_t *node;

    CS_TRY(get(call, "$filter", &text));
    if (!text) {
        return NULL;
    }
    CS_TRY(cs_filter_parse(call->cx->pool, text, &node));
    CS_TRY(cs_filter_check(call->cx, apr_time_now(), node));
    page->list.filter = node;
    return NULL;
}

/* Where the page begins and how long it may be. */
static cs_error_t *read_extent(const cs_call_t *call, page_t *page)
{
    int columns = page->list.chosen->nelts + page->list.orders->nelts + 2;
    int most = CELLS_MAX / columns < call->site->rows_max ? CELLS_MAX / columns : call->site->rows_max;
    apr_int64_t skip, wanted;
    const char *after;

    CS_TRY(get_number(call, "$top", -1, &page->top));
    CS_TRY(get_number(call, "$skip", 0, &skip));
    CS_TRY(get(call, "$skiptoken", &after));
    if (after && *after) {
        CS_TRY(cs_skip_decode(call->cx->pool, page->list.orders, after, &page->list.after));
    }
    wanted = page->top < 0 ? call->site->page_size : page->top;
    page->size = (int)(wanted < most ? wanted : most);
    page->ask_more = page->top < 0 || page->top > page->size;
    page->list.skip = (int)skip;
    page->list.limit = page->nothing ? 0 : page->size + page->ask_more;
    return NULL;
}

static cs_error_t *read_page(cs_call_t *call, page_t *page)
{
    static const char *const modes[] = {"slim", NULL}, *const outputs[] = {"logical", "display", NULL};
    const char *order;
    int ignored;

    CS_TRY(read_format(call));
    CS_TRY(get_word(call, "$mode", modes, &ignored));
    CS_TRY(get_word(call, "$output", outputs, &ignored));
    CS_TRY(read_entities(call, page));
    CS_TRY(read_columns(call, page));
    CS_TRY(get(call, "$orderBy", &order));
    CS_TRY(cs_list_order(call->cx->pool, order, &page->list.orders));
    CS_TRY(read_filter(call, page));
    return read_extent(call, page);
}

/* ---------------- the link to the next page */

/* A parameter as it was sent, with everything escaped that a link must not hold. */
static const char *escaped(apr_pool_t *pool, const char *raw, apr_size_t len)
{
    static const char hex[] = "0123456789ABCDEF";
    char *text = apr_palloc(pool, 3 * len + 1), *out = text;

    for (apr_size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)raw[i];

        if (c > 0x20 && c < 0x7F && !strchr("\"<>\\^`{|}#", c)) {
            *out++ = raw[i];
        }
        else {
            *out++ = '%';
            *out++ = hex[c >> 4];
            *out++ = hex[c & 15];
        }
    }
    *out = '\0';
    return text;
}

static int is_extent(apr_pool_t *pool, const char *raw, apr_size_t len)
{
    static const char *const names[] = {"$top", "$skip", "$skiptoken"};
    const char *equals = memchr(raw, '=', len);
    char *name = apr_palloc(pool, len + 1);
    apr_ssize_t size = cs_text_unescape(raw, equals ? (apr_size_t)(equals - raw) : len, name);

    for (int i = 0; size >= 0 && i < 3; i++) {
        if (cs_text_same(name, (apr_size_t)size, names[i], strlen(names[i]))) {
            return 1;
        }
    }
    return 0;
}

/* The same request from behind `last`; where its values are too long for a link, by counting rows. */
static const char *next_link(const cs_call_t *call, const page_t *page, const cs_record_t *last, int rows)
{
    apr_pool_t *pool = call->cx->pool;
    const char *link = apr_pstrcat(pool, call->root_url, "/ChatSession?", NULL), *token;
    cs_val_t *values = apr_palloc(pool, sizeof(*values) * (apr_size_t)page->list.orders->nelts);

    for (const char *raw = call->query; raw && *raw;) {
        apr_size_t len = strcspn(raw, "&");

        if (len && !is_extent(pool, raw, len)) {
            link = apr_pstrcat(pool, link, escaped(pool, raw, len), "&", NULL);
        }
        raw += len + (raw[len] == '&');
    }
    if (page->top >= 0) {
        link = apr_psprintf(pool, "%s$top=%" APR_INT64_T_FMT "&", link, page->top - rows);
    }
    for (int i = 0; i < page->list.orders->nelts; i++) {
        values[i] = last[CS_LIST_ORDERS + i].cells[0];
    }
    token = cs_skip_encode(pool, page->list.orders, values);
    if (strlen(link) + strlen(token) <= LINK_MAX) {
        return apr_pstrcat(pool, link, "$skiptoken=", token, NULL);
    }
    if (page->list.after) {
        token = cs_skip_encode(pool, page->list.orders, page->list.after);
        link = apr_pstrcat(pool, link, "$skiptoken=", token, "&", NULL);
    }
    return apr_psprintf(pool, "%s$skip=%d", link, page->list.skip + rows);
}

/* ---------------- rows */

static const cs_val_t *cell_of(const page_t *page, const cs_record_t *row, int chosen)
{
    return row[CS_LIST_ORDERS + page->list.orders->nelts + chosen].cells;
}

/* How many bytes a row can become at most: each byte of a text as an escape of six, names twice as in XML. */
static apr_size_t size_of(const page_t *page, const cs_record_t *row)
{
    apr_size_t size = 400;

    for (int i = 0; i < page->list.chosen->nelts; i++) {
        const cs_val_t *cell = cell_of(page, row, i);

        size += 2 * APR_ARRAY_IDX(page->list.chosen, i, cs_chosen_t).len + 100;
        size += cell->set && cell->kind == CS_K_TEXT ? 6 * cell->len : 0;
    }
    return size;
}

/* How many of the rows the page takes: all that it may, unless they are too long. */
static int rows_of_page(const page_t *page, const cs_rows_t *rows)
{
    int count = cs_rows_get(rows, 0)[CS_LIST_KEY].cells[0].set ? cs_rows_count(rows) : 0;
    apr_size_t size = 0;

    for (int i = 0; i < count; i++) {
        size += size_of(page, cs_rows_get(rows, i));
        if (i == page->size || (i > 0 && size > ROWS_CEILING)) {
            return i;
        }
    }
    return count;
}

static void write_span(cs_writer_t *w, apr_int64_t seconds)
{
    apr_int64_t amount = seconds < 0 ? -seconds : seconds;
    const char *text =
        apr_psprintf(w->buf->pool, "%s%02" APR_INT64_T_FMT ":%02" APR_INT64_T_FMT ":%02" APR_INT64_T_FMT,
                     seconds < 0 ? "-" : "", amount / 3600, amount / 60 % 60, amount % 60);

    w->ops->plain(w, text, strlen(text));
}

static void write_number(cs_writer_t *w, const cs_archive_column_t *column, apr_int64_t number)
{
    const char *name = column->words ? cs_enum_name(column->words, number) : NULL;

    if (name) {
        w->ops->plain(w, name, strlen(name));
    }
    else if (column->by == CS_BY_SPAN) {
        write_span(w, number);
    }
    else {
        w->ops->integer(w, number < 0 && column->by == CS_BY_LIST ? 0 : number); /* -1: nobody */
    }
}

static void write_cell(cs_writer_t *w, const cs_call_t *call, const cs_archive_column_t *column,
                       const cs_val_t *cell)
{
    if (!cell->set) {
        w->ops->null(w);
        return;
    }
    switch (cell->kind) {
    case CS_K_TEXT:
        cs_localize_text(w, call->cx->locale, cell->u.s, cell->len);
        break;
    case CS_K_TIME:
        cs_localize_time(w, call->cx->locale, cell->u.i < CS_WALL_UNSET ? CS_WALL_UNSET : cell->u.i,
                         CS_STORED_LOCAL);
        break;
    case CS_K_BOOL:
        w->ops->boolean(w, cell->u.i != 0);
        break;
    case CS_K_REAL:
        w->ops->real(w, cell->u.d);
        break;
    default:
        write_number(w, column, cell->u.i);
        break;
    }
}

static void write_name(cs_writer_t *w, const char *name)
{
    w->ops->name(w, name, strlen(name));
}

static void write_row(cs_writer_t *w, const cs_call_t *call, const page_t *page, const cs_record_t *row)
{
    char digits[CS_NUM_MAX];

    w->ops->open(w, "Row");
    write_name(w, "PrimaryKey");
    w->ops->plain(w, digits, cs_num_print_int(digits, row[CS_LIST_KEY].cells[0].u.i));
    write_name(w, "EntityName");
    w->ops->plain(w, ENTITY_NAME, sizeof(ENTITY_NAME) - 1);
    for (int i = 0; i < page->list.chosen->nelts; i++) {
        const cs_chosen_t *chosen = &APR_ARRAY_IDX(page->list.chosen, i, cs_chosen_t);

        w->ops->name(w, chosen->name, chosen->len);
        write_cell(w, call, chosen->listed.column, cell_of(page, row, i));
    }
    w->ops->close(w);
}

/* ---------------- the list */

static void write_page(cs_writer_t *w, const cs_call_t *call, const page_t *page, const cs_rows_t *rows)
{
    const char *metadata = apr_pstrcat(call->cx->pool, call->root_url, "/Archive/$metadata", NULL);
    int count = rows_of_page(page, rows);
    int more = count && count < cs_rows_count(rows);

    w->ops->open(w, "List");
    write_name(w, "odata.metadata");
    w->ops->text(w, metadata, strlen(metadata));
    write_name(w, "odata.nextLink");
    if (more) {
        const char *link = next_link(call, page, cs_rows_get(rows, count - 1), count);

        w->ops->text(w, link, strlen(link));
    }
    else {
        w->ops->null(w);
    }
    write_name(w, "value");
    w->ops->array_open(w, "Row");
    for (int i = 0; i < count; i++) {
        write_row(w, call, page, cs_rows_get(rows, i));
    }
    w->ops->array_close(w);
    w->ops->close(w);
}

/* In XML a list is a feed. */
static cs_writer_t page_writer(cs_call_t *call)
{
    static const cs_media_t feed_media = {.writer = &cs_feed_writer, .format = CS_FORMAT_XML};
    char now[CS_WALL_MAX];
    cs_writer_t writer;
    cs_feed_t *feed;

    if (call->media->format != CS_FORMAT_XML) {
        return cs_call_writer(call);
    }
    now[cs_wall_print(now, cs_wall_of_time(apr_time_from_sec(apr_time_sec(apr_time_now()))))] = '\0';
    feed = apr_pcalloc(call->cx->pool, sizeof(*feed));
    feed->url = apr_pstrcat(call->cx->pool, call->root_url, "/ChatSession", NULL);
    feed->title = "ChatSession";
    feed->updated = apr_pstrcat(call->cx->pool, now, "Z", NULL);
    writer = cs_call_writer_in(call, &feed_media);
    writer.state = feed;
    return writer;
}

cs_error_t *cs_session_list(cs_call_t *call)
{
    page_t page = {.list = {.caller = cs_identity_arg(call)}};
    cs_rows_t *rows;
    cs_writer_t writer;
    cs_sql_t sql;

    CS_TRY(read_page(call, &page));
    cs_list_emit(call->cx->pool, &page.list, &sql);
    CS_TRY(cs_identity_query(call, sql.text, sql.args, sql.count, &rows));
    writer = page_writer(call);
    write_page(&writer, call, &page, rows);
    return cs_call_finish(call, 200);
}
