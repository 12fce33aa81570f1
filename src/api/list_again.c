/* api/list_again.c -- lists that are asked for again.
 *
 * A client looks every few seconds whether a list is another, and mostly it is not.  Who asks for a list the
 * second time gets it with the marks of its rows (query/emit_mark.c), and it is remembered; from the third
 * time on the database is asked for the mark alone, and while that is the same the answer is the one that was
 * given before.  After a list was another it is not asked for its mark until it has once stayed the same. */
#include "api/list_page.h"

#include <string.h>

/* What an answer in XML says of the time is another each second. */
static int may_be_remembered(const cs_call_t *call, const cs_page_t *page)
{
    return call->answers && !call->body && !call->transaction && call->media->format == CS_FORMAT_JSON &&
           cs_db_has_marks(call->db) && cs_list_can_be_marked(&page->list);
}

/* Each with its end, so that two of them are no other two; what is missing is not what is empty. */
static void put_text(cs_buf_t *buf, const char *text)
{
    cs_buf_putc(buf, text ? '1' : '0');
    cs_buf_put(buf, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* Whose list, which, in which form. */
static cs_answer_key_t key_of(const cs_call_t *call, const cs_page_t *page)
{
    cs_buf_t *buf = cs_buf_make(call->cx->pool, CS_REPLY_CEILING);
    const char *texts[CS_FORM_TEXTS];

    cs_call_form(call, texts);
    cs_buf_put(buf, (const char *)&call->site, sizeof(call->site));
    cs_buf_put(buf, (const char *)&call->media, sizeof(call->media));
    put_text(buf, call->user);
    put_text(buf, page->url);
    for (int i = 0; i < CS_FORM_TEXTS; i++) {
        put_text(buf, texts[i]);
    }
    return buf->full ? (cs_answer_key_t){.len = 0}
                     : (cs_answer_key_t){cs_buf_bytes(buf, call->cx->pool), buf->length};
}

/* ---------------- the mark alone */

typedef struct mark_reader_t {
    cs_sink_t sink; /* the first member: the sink is the reader */
    const cs_list_t *list;
    int known; /* the topic */
    cs_val_t mark;
} mark_reader_t;

static cs_error_t *take_mark(cs_sink_t *sink, const cs_record_t *row)
{
    mark_reader_t *reader = (mark_reader_t *)sink;

    reader->mark = row[CS_LIST_MARK].cells[0];
    reader->known = !reader->list->topic || row[CS_LIST_MARK_TOPIC].cells[0].u.i != 0;
    return NULL;
}

/* Takes the answer from memory while its mark is the same.  Whatever else there is to tell is told by who
 * asks for the list. */
static cs_error_t *check(cs_call_t *call, const cs_list_t *list, cs_again_t *again)
{
    mark_reader_t reader = {.sink = {.take = take_mark}, .list = list};
    cs_buf_t *reply = cs_buf_make(call->cx->pool, CS_REPLY_CEILING);

    CS_TRY(cs_list_ask(call, list, &reader.sink));
    again->failed = !(reader.known && reader.mark.set && reader.mark.u.i == again->given.mark &&
                      again->given.era == cs_db_era(call->db) &&
                      cs_answers_take(call->answers, &again->key, &again->given, reply));
    call->reply = again->failed ? NULL : reply;
    return NULL;
}

/* ---------------- recalling and remembering */

/* The next one who asks is not the first. */
static void note(const cs_call_t *call, const cs_again_t *again)
{
    const cs_given_t asked = {.known = CS_KNOWN_ASKED};

    cs_answers_keep(call->answers, &again->key, &asked, NULL);
}

static cs_error_t *recall(cs_call_t *call, cs_page_t *page, cs_again_t *again)
{
    cs_list_t alone = page->list;

    switch (again->given.known) {
    case CS_KNOWN_NOT:
        note(call, again);
        return NULL;
    case CS_KNOWN_UNFIT: /* tried again when a connection was made: that is now and then */
        page->list.marks = again->given.era == again->era ? CS_MARKS_NONE : CS_MARKS_TOO;
        return NULL;
    case CS_KNOWN_ASKED:
    case CS_KNOWN_FICKLE:
        page->list.marks = CS_MARKS_TOO;
        return NULL;
    case CS_KNOWN_LASTING:
        page->list.marks = CS_MARKS_TOO;
        alone.marks = CS_MARKS_ALONE;
        alone.moment = again->given.moment;
        return again->given.era == again->era ? check(call, &alone, again) : NULL;
    }
    return NULL;
}

cs_error_t *cs_list_recall(cs_call_t *call, cs_page_t *page, cs_again_t *again_out)
{
    cs_error_t *error;

    *again_out = (cs_again_t){.era = cs_db_era(call->db)};
    if (may_be_remembered(call, page)) {
        again_out->key = key_of(call, page);
    }
    if (!again_out->key.len) {
        return NULL;
    }
    again_out->given = cs_answers_find(call->answers, &again_out->key, call->cx->pool);
    error = recall(call, page, again_out);
    if (cs_call_lacks_marks(call, error)) {
        page->list.marks = CS_MARKS_NONE;
        return NULL;
    }
    return error;
}

void cs_list_remember(const cs_call_t *call, const cs_again_t *again, const cs_list_state_t *state)
{
    int was_another = again->failed || (again->given.known >= CS_KNOWN_FICKLE &&
                                        again->given.era == again->era && again->given.mark != state->mark);
    const cs_given_t unfit = {.known = CS_KNOWN_UNFIT, .era = again->era};
    const cs_given_t given = {was_another ? CS_KNOWN_FICKLE : CS_KNOWN_LASTING, again->era, state->mark,
                              state->moment};

    if (again->era == cs_db_era(call->db)) {
        cs_answers_keep(call->answers, &again->key, state->unmarked ? &unfit : &given,
                        state->unmarked ? NULL : call->reply);
    }
}
