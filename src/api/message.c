#include "api/message.h"

#include "api/body.h"
#include "api/identity.h"
#include "api/session_row.h"
#include "base/clock.h"
#include "base/text.h"
#include "model/check.h"
#include "model/map.h"
#include "model/markup.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define ENTITY (&cs_message_entity)

/* Behind the caller and his roles stands the message, its cells in the order of the entity's rows. */
enum { MESSAGE = CS_ROW_ROLES + 1 };
enum {
    CELL_ID,
    CELL_SESSION,
    CELL_TYPE,
    CELL_TEXT,
    CELL_AUTHOR,
    CELL_READ,
    CELL_SPECIAL,
    CELL_PARAM,
    CELL_POSTED
};

enum { TYPE_NONE = -1, TYPE_TO_CUSTOMER = 1, TYPE_SPECIAL = 3 };

/* What one statement brings at most: so many rows, or the row that fills so many bytes.  However its texts
 * are written, a page fits a reply. */
enum { PAGE = 10000, PAGE_BYTES = 2 * 1024 * 1024, ROW_BYTES = 64 };

static void write_message(const cs_call_t *call, cs_writer_t *writer, const cs_record_t *row)
{
    cs_view_t view = {.select = call->select, .locale = call->cx->locale};

    cs_map_entity(writer, ENTITY, &row[MESSAGE], &view);
}

/* ---------------- reading */

/* A page of those after that number, without those of that type; the caller may read them. */
static cs_error_t *read_page(cs_call_t *call, apr_int64_t after, int without, cs_rows_t **rows_out)
{
    const cs_val_t args[] = {cs_identity_arg(call), cs_val_int(call->match.id), cs_val_int(after),
                             cs_val_int(without)};

    CS_TRY(cs_identity_run(call, CS_STMT_MESSAGE_LIST, args, 4, rows_out));
    call->id = call->match.id;
    return cs_session_judge(call, cs_rows_get(*rows_out, 0), CS_ACT_READ);
}

static cs_error_t *read_after(const cs_call_t *call, apr_int64_t *after_out)
{
    const char *text;

    *after_out = 0;
    CS_TRY(cs_call_parameter(call, "after", &text));
    if (text && *text &&
        (!cs_text_integer(text, strlen(text), after_out) || *after_out < -APR_INT64_C(2147483648) ||
         *after_out > APR_INT64_C(2147483647))) {
        return cs_error_make(call->cx->pool, CS_E_QUERY, "after",
                             "after takes the id of a message, an integer of 32 bits");
    }
    return NULL;
}

static const cs_val_t *message_at(const cs_rows_t *rows, int row)
{
    return cs_rows_get(rows, row)[MESSAGE].cells;
}

/* What the message counts for on its page. */
static apr_size_t size_of(const cs_val_t *cells)
{
    return cells[CELL_TEXT].len + cells[CELL_AUTHOR].len + cells[CELL_PARAM].len + ROW_BYTES;
}

/* Where to go on behind a page: its greatest number, or -1 when there is no more. */
static apr_int64_t page_end(const cs_rows_t *rows)
{
    apr_int64_t last = -1;
    apr_size_t size = 0;

    for (int i = 0; i < cs_rows_count(rows) && message_at(rows, i)[CELL_ID].set; i++) {
        last = message_at(rows, i)[CELL_ID].u.i > last ? message_at(rows, i)[CELL_ID].u.i : last;
        size += size_of(message_at(rows, i));
    }
    return cs_rows_count(rows) == PAGE || size >= PAGE_BYTES ? last : -1;
}

/* An answer that is not all says where the rest is. */
static void link_rest(cs_call_t *call, apr_int64_t last)
{
    if (last >= 0) {
        cs_call_header(call, "Link",
                       apr_psprintf(call->cx->pool, "<%s/ChatSession/%d/Messages?after=%d>; rel=\"next\"",
                                    call->root_url, (int)call->match.id, (int)last));
    }
}

cs_error_t *cs_message_list(cs_call_t *call)
{
    cs_writer_t writer;
    apr_int64_t after;
    cs_rows_t *rows;

    CS_TRY(read_after(call, &after));
    CS_TRY(read_page(call, after, TYPE_NONE, &rows));
    link_rest(call, page_end(rows));
    writer = cs_call_writer(call);
    writer.ops->array_open(&writer, ENTITY->name);
    for (int i = 0; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);

        if (row[MESSAGE].cells[CELL_ID].set) {
            write_message(call, &writer, row);
        }
    }
    writer.ops->array_close(&writer);
    return cs_call_finish(call, 200);
}

/* ---------------- saying */

/* The message's text with the little HTML that it may hold. */
static cs_val_t reduced(apr_pool_t *pool, const cs_val_t *said)
{
    cs_buf_t *out = cs_buf_make(pool, said->len * CS_MARKUP_GROWTH + 1);
    apr_size_t len;

    cs_markup_reduce(out, said->u.s, said->len);
    len = out->length;
    return cs_val_text(cs_buf_bytes(out, pool), len);
}

static int is_blank(const cs_val_t *text)
{
    for (apr_size_t i = 0; i < text->len; i++) {
        if (!strchr(" \t\r\n", text->u.s[i])) {
            return 0;
        }
    }
    return 1;
}

/* An ordinary message is its text; what a special one says may stand in its type. */
static cs_error_t *says_nothing(const cs_call_t *call)
{
    return cs_check_gather(call->cx, cs_error_make(call->cx->pool, CS_E_VALUE_MISSING, "Message",
                                                   "Message takes the text of the message, which only one "
                                                   "with a SpecialType may be without"));
}

/* The row that it brings, judged. */
static cs_error_t *add(cs_call_t *call, const cs_val_t *args, int count, const cs_record_t **row_out)
{
    cs_rows_t *rows;

    CS_TRY(cs_identity_run(call, CS_STMT_MESSAGE_ADD, args, count, &rows));
    *row_out = cs_rows_get(rows, 0);
    return cs_session_judge(call, *row_out, CS_ACT_WRITE);
}

static int is_added(const cs_record_t *row)
{
    return row[MESSAGE].cells[CELL_ID].set;
}

cs_error_t *cs_message_add(cs_call_t *call)
{
    enum { CALLER, ID, ROLES, CLOCK, TYPE, TEXT, AUTHOR, SPECIAL_TYPE, SPECIAL_PARAM, POSTED, COUNT };
    cs_val_t args[COUNT];
    const cs_record_t *row;
    cs_writer_t writer;

    CS_TRY(cs_body_values(call, ENTITY, args + TYPE));
    args[CALLER] = cs_identity_arg(call);
    args[ID] = cs_val_int(call->match.id);
    args[ROLES] = cs_val_int(cs_access_roles(CS_ACT_WRITE));
    args[CLOCK] = cs_call_clock(call);
    args[TYPE].u.i = args[TYPE].u.i ? args[TYPE].u.i : TYPE_TO_CUSTOMER;
    args[TEXT] = reduced(call->cx->pool, &args[TEXT]);
    if (is_blank(&args[TEXT]) && args[TYPE].u.i != TYPE_SPECIAL && !args[SPECIAL_TYPE].u.i) {
        return says_nothing(call);
    }
    CS_TRY(add(call, args, COUNT, &row));
    if (!is_added(row)) {
        CS_TRY(add(call, args, COUNT, &row)); /* somebody changed the session while this waited for it */
    }
    if (!is_added(row)) {
        return cs_session_unknown(call);
    }
    call->id = call->match.id;
    writer = cs_call_writer(call);
    write_message(call, &writer, row);
    return cs_call_finish(call, 200);
}

/* ---------------- the whole talk
 *
 *      text = *( YYYY-MM-DD HH:MM:SS author ": " message LF )       its further lines begin with blanks
 *      html = *( "<p>" time " <b>" author "</b>:</p><blockquote>" message "</blockquote>" LF )
 *
 * No message can look like a line of somebody else: its own lines stand behind those of the talk. */
#define INDENT "    "

static void put_time(const cs_call_t *call, cs_buf_t *out, const cs_val_t *posted)
{
    char text[CS_WALL_MAX];
    cs_wall_t whole = posted->set
                          ? posted->u.i - (posted->u.i % CS_WALL_SECOND + CS_WALL_SECOND) % CS_WALL_SECOND
                          : CS_WALL_UNSET;
    apr_size_t len = cs_clock_print(text, call->cx->locale, whole, CS_STORED_UTC);

    for (apr_size_t i = 0; i < len; i++) {
        cs_buf_putc(out, text[i] == 'T' ? ' ' : text[i]);
    }
}

static void put_line(const cs_call_t *call, cs_buf_t *out, const cs_val_t *cells, int html)
{
    const cs_val_t *author = &cells[CELL_AUTHOR], *text = &cells[CELL_TEXT];

    cs_buf_puts(out, html ? "<p>" : "");
    put_time(call, out, &cells[CELL_POSTED]);
    cs_buf_puts(out, html ? " <b>" : " ");
    if (html) {
        cs_markup_escape(out, author->u.s, author->len);
        cs_buf_puts(out, "</b>:</p><blockquote>");
        cs_markup_reduce(out, text->u.s, text->len);
        cs_buf_puts(out, "</blockquote>\n");
        return;
    }
    cs_buf_puts(out, cs_text_clean(call->cx->pool, author->u.s, author->len, author->len));
    cs_buf_puts(out, ": ");
    cs_markup_plain(out, text->u.s, text->len, INDENT);
    cs_buf_putc(out, '\n');
}

static cs_error_t *read_html(const cs_call_t *call, int *html_out)
{
    const char *text;

    *html_out = 0;
    CS_TRY(cs_call_parameter(call, "html", &text));
    if (!text || !*text || cs_text_same(text, strlen(text), "false", 5) || strcmp(text, "0") == 0) {
        return NULL;
    }
    *html_out = 1;
    return cs_text_same(text, strlen(text), "true", 4) || strcmp(text, "1") == 0
               ? NULL
               : cs_error_make(call->cx->pool, CS_E_QUERY, "html", "html takes true or false");
}

static cs_error_t *too_long(const cs_call_t *call)
{
    return cs_error_make(
        call->cx->pool, CS_E_ANSWER_LONG, NULL,
        "the transcript is longer than %d bytes; what was said can be read as messages, from "
        "page to page",
        CS_REPLY_CEILING);
}

static int by_time(const void *one, const void *other)
{
    const cs_val_t *a = *(const cs_val_t *const *)one, *b = *(const cs_val_t *const *)other;
    int later = (a[CELL_POSTED].u.i > b[CELL_POSTED].u.i) - (a[CELL_POSTED].u.i < b[CELL_POSTED].u.i);

    return later ? later : (a[CELL_ID].u.i > b[CELL_ID].u.i) - (a[CELL_ID].u.i < b[CELL_ID].u.i);
}

/* All that was said, the cells of a message each, by the time when it was posted. */
static cs_error_t *read_talk(cs_call_t *call, apr_array_header_t **talk_out)
{
    apr_array_header_t *talk = apr_array_make(call->cx->pool, 64, sizeof(const cs_val_t *));
    apr_int64_t after = 0;
    apr_size_t length = 0;
    cs_rows_t *rows;

    do {
        CS_TRY(read_page(call, after, TYPE_SPECIAL, &rows));
        for (int i = 0; i < cs_rows_count(rows); i++) {
            const cs_val_t *cells = message_at(rows, i);

            if (cells[CELL_ID].set) {
                APR_ARRAY_PUSH(talk, const cs_val_t *) = cells;
                length += size_of(cells);
            }
        }
        after = page_end(rows);
    } while (after >= 0 && length <= CS_REPLY_CEILING);
    qsort(talk->elts, (size_t)talk->nelts, sizeof(const cs_val_t *), by_time);
    *talk_out = talk;
    return after >= 0 ? too_long(call) : NULL;
}

cs_error_t *cs_message_transcript(cs_call_t *call)
{
    cs_buf_t *out = cs_buf_make(call->cx->pool, CS_REPLY_CEILING);
    apr_array_header_t *talk;
    cs_writer_t writer;
    int html;

    CS_TRY(read_html(call, &html));
    CS_TRY(read_talk(call, &talk));
    for (int i = 0; i < talk->nelts; i++) {
        put_line(call, out, APR_ARRAY_IDX(talk, i, const cs_val_t *), html);
    }
    if (out->full) {
        return too_long(call);
    }
    writer = cs_call_writer(call);
    writer.ops->text(&writer, cs_buf_text(out, call->cx->pool), out->length);
    return call->reply->full ? too_long(call) : cs_call_finish(call, 200);
}
