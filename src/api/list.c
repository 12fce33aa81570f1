#include "api/list.h"

#include "api/identity.h"
#include "api/list_page.h"
#include "base/num.h"
#include "base/wall.h"
#include "wire/feed_write.h"

#include <apr_strings.h>
#include <string.h>

#define ROWS_ENOUGH (8 * 1024 * 1024) /* bytes after which a page ends, so that a row more fits the reply */
#define FEW_CELLS   2048              /* of a page whose rows may be in memory at once */

/* Rows become text as they come; what stands before them in the answer is known when the last one is there.
 */
typedef struct reader_t {
    cs_sink_t sink; /* the first member: the sink is the reader */
    cs_call_t *call;
    cs_page_t *page;
    cs_buf_t *written;
    cs_writer_t writer;
    cs_feed_t feed;
    const cs_row_form_t *form;
    cs_ordinals_t ordinals;
    int rows;          /* of the page */
    int over;          /* it takes no more of them */
    int more;          /* there are more */
    int known;         /* the topic */
    apr_int64_t count; /* of all that the filter finds */
    cs_list_state_t state;
    cs_val_t *last; /* what the page's last row was sorted by */
} reader_t;

/* ---------------- rows */

static void keep_last(reader_t *reader, const cs_record_t *row)
{
    const cs_page_t *page = reader->page;

    if (page->list.groups) {
        return;
    }
    reader->last =
        apr_palloc(reader->call->cx->pool, sizeof(cs_val_t) * (apr_size_t)page->list.orders->nelts);
    for (int i = 0; i < page->list.orders->nelts; i++) {
        reader->last[i] = row[cs_list_order_cell(&page->list, i)].cells[0];
        if (reader->last[i].kind == CS_K_TEXT) {
            reader->last[i].u.s =
                apr_pstrmemdup(reader->call->cx->pool, reader->last[i].u.s, reader->last[i].len);
        }
    }
}

/* The only row of an empty list has no mark either, but is no row of it. */
static void take_marks(reader_t *reader, const cs_record_t *row)
{
    const cs_val_t *mark = row[cs_list_mark_cell(&reader->page->list)].cells;
    const cs_val_t *moment = row[cs_list_moment_cell(&reader->page->list)].cells;

    if (!reader->state.moment) {
        reader->state.moment = apr_pstrmemdup(reader->call->cx->pool, moment->u.s, moment->len);
    }
    reader->state.mark ^= mark->set ? mark->u.i : 0;
    reader->state.unmarked |= !mark->set && row[CS_LIST_KEY].cells[0].set;
}

static cs_error_t *take_row(cs_sink_t *sink, const cs_record_t *row)
{
    reader_t *reader = (reader_t *)sink;
    const cs_list_t *list = &reader->page->list;

    reader->known = !list->topic || row[cs_list_topic_cell(list)].cells[0].u.i != 0;
    if (list->marks) {
        take_marks(reader, row);
    }
    reader->count = list->count ? row[cs_list_count_cell(list)].cells[0].u.i : 0;
    if (!row[CS_LIST_KEY].cells[0].set) {
        return NULL;
    }
    if (reader->over || reader->rows == reader->page->size) {
        reader->more = 1;
        return NULL;
    }
    cs_list_write_row(&reader->writer, reader->form, row, &reader->ordinals);
    reader->rows++;
    reader->over = reader->rows == reader->page->size || reader->written->length > ROWS_ENOUGH;
    if (reader->over) {
        keep_last(reader, row);
    }
    return NULL;
}

/* ---------------- the answer */

/* In XML a list is a feed. */
static void open_writer(reader_t *reader)
{
    cs_call_t *call = reader->call;
    char now[CS_WALL_MAX];

    reader->written = cs_buf_make(call->cx->pool, CS_REPLY_CEILING);
    reader->writer = (cs_writer_t){.ops = call->media->writer, .buf = reader->written};
    if (call->media->format == CS_FORMAT_XML) {
        now[cs_wall_print(now, cs_wall_of_time(apr_time_from_sec(apr_time_sec(apr_time_now()))))] = '\0';
        reader->feed = (cs_feed_t){.url = reader->page->url,
                                   .title = reader->page->title,
                                   .numbered = reader->page->list.groups != NULL,
                                   .updated = apr_pstrcat(call->cx->pool, now, "Z", NULL)};
        reader->writer.ops = &cs_feed_writer;
        reader->writer.state = &reader->feed;
        cs_feed_open_rows(&reader->feed);
    }
    reader->form = cs_list_form(call, reader->page, &reader->writer);
}

static void put_name(cs_writer_t *w, const char *name)
{
    w->ops->name(w, name, strlen(name));
}

static void put_text(cs_writer_t *w, const char *text)
{
    w->ops->text(w, text, strlen(text));
}

static void write_head(cs_writer_t *w, const reader_t *reader)
{
    const cs_page_t *page = reader->page;
    char digits[CS_NUM_MAX];

    w->ops->open(w, "List");
    put_name(w, "odata.metadata");
    put_text(w, apr_pstrcat(reader->call->cx->pool, page->url, "/$metadata", NULL));
    if (page->list.count) {
        put_name(w, "odata.count");
        w->ops->plain(w, digits, cs_num_print_int(digits, reader->count));
    }
    put_name(w, "odata.nextLink");
    if (reader->more) {
        put_text(w, cs_list_next_link(reader->call, page, reader->last, reader->rows));
    }
    else {
        w->ops->null(w);
    }
    put_name(w, "value");
}

static void write_answer(reader_t *reader)
{
    static const cs_media_t feed_media = {.writer = &cs_feed_writer, .format = CS_FORMAT_XML};
    int is_feed = reader->call->media->format == CS_FORMAT_XML;
    cs_writer_t w = cs_call_writer_in(reader->call, is_feed ? &feed_media : reader->call->media);
    cs_feed_t feed = {.url = reader->feed.url, .title = reader->feed.title, .updated = reader->feed.updated};

    w.state = is_feed ? &feed : NULL;
    write_head(&w, reader);
    w.ops->array_open(&w, "Row");
    cs_buf_append(w.buf, reader->written);
    w.ops->array_close(&w);
    w.ops->close(&w);
}

cs_error_t *cs_list_ask(cs_call_t *call, const cs_list_t *list, cs_sink_t *sink)
{
    cs_query_t query = {.few = list->marks == CS_MARKS_ALONE ||
                               list->limit <= FEW_CELLS / (list->chosen->nelts + 1)};
    cs_sql_t sql;

    cs_list_emit(call->cx->pool, list, &sql);
    query.sql = sql.text;
    query.args = sql.args;
    query.count = sql.count;
    query.steady = sql.steady;
    return cs_identity_query(call, &query, sink);
}

/* Asks for the rows and writes the answer. */
static cs_error_t *read_list(cs_call_t *call, cs_page_t *page, cs_list_state_t *state_out)
{
    reader_t reader = {.sink = {.take = take_row}, .call = call, .page = page};

    open_writer(&reader);
    CS_TRY(cs_list_ask(call, &page->list, &reader.sink));
    if (!reader.known) {
        return cs_error_make(call->cx->pool, CS_E_TOPIC_UNKNOWN, NULL,
                             "there is no chat topic %" APR_INT64_T_FMT, page->topic);
    }
    write_answer(&reader);
    *state_out = reader.state;
    return cs_call_finish(call, 200);
}

static cs_error_t *answer(cs_call_t *call, cs_page_t *page)
{
    cs_again_t again;
    cs_error_t *error;
    cs_list_state_t state;

    page->list.caller = cs_identity_arg(call);
    CS_TRY(cs_list_recall(call, page, &again));
    if (call->reply) {
        return cs_call_finish(call, 200);
    }
    error = read_list(call, page, &state);
    if (page->list.marks && cs_call_lacks_marks(call, error)) {
        page->list.marks = CS_MARKS_NONE;
        error = read_list(call, page, &state);
    }
    if (!error && page->list.marks) {
        cs_list_remember(call, &again, &state);
    }
    return error;
}

/* ---------------- operations */

cs_error_t *cs_session_list(cs_call_t *call)
{
    cs_page_t page = {.title = "ChatSession",
                      .url = apr_pstrcat(call->cx->pool, call->root_url, "/ChatSession", NULL)};

    CS_TRY(cs_list_read(call, 0, &page));
    return answer(call, &page);
}

cs_error_t *cs_archive_list(cs_call_t *call)
{
    cs_page_t page = {.title = "ChatSession",
                      .url = apr_pstrcat(call->cx->pool, call->root_url, "/Archive/ChatSession", NULL)};

    CS_TRY(cs_list_read(call, 1, &page));
    return answer(call, &page);
}

cs_error_t *cs_topic_sessions(cs_call_t *call)
{
    cs_page_t page = {.title = "Sessions",
                      .topic = call->match.id,
                      .url = apr_psprintf(call->cx->pool, "%s/ChatTopic/%" APR_INT64_T_FMT "/Sessions",
                                          call->root_url, call->match.id)};

    page.list.topic = &page.topic;
    call->id = call->match.id;
    CS_TRY(cs_list_read(call, 0, &page));
    return answer(call, &page);
}
