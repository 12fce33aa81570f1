/* api/list_page.h -- a page of a list on its way from the request to the answer; seen by api/list*.c alone.
 */
#ifndef CS_API_LIST_PAGE_H
#define CS_API_LIST_PAGE_H

#include "api/call.h"
#include "query/list.h"

typedef enum cs_mode_t { CS_MODE_SLIM, CS_MODE_WIDE, CS_MODE_FULL } cs_mode_t;

typedef struct cs_page_t {
    cs_list_t list;
    const char *url;   /* of the list, where links go */
    const char *title; /* of its feed */
    cs_mode_t mode;
    int display;     /* booleans as texts */
    apr_int64_t top; /* -1: not said */
    int ask_more;    /* one row more than a page, to know whether there are any */
    int size;        /* rows of this page at most */
    int nothing;     /* $entities names none of ours */
    apr_int64_t topic;
} cs_page_t;

/* ---------------- list_query.c */

/* A parameter of the list: of the URL, or else of the body; NULL: not given.  QUERY, QUERY_VALUE. */
cs_error_t *cs_list_parameter(const cs_call_t *call, const char *name, const char **value_out) CS_CHECKED;

/* All of them, except whose list it is.  Sets call->media where $format says so. */
cs_error_t *cs_list_read(cs_call_t *call, int archive, cs_page_t *page) CS_CHECKED;

/* ---------------- list.c */

/* Has its rows, or its mark, taken by the sink.  USER_UNKNOWN, and what the database answers. */
cs_error_t *cs_list_ask(cs_call_t *call, const cs_list_t *list, cs_sink_t *sink) CS_CHECKED;

/* ---------------- list_again.c */

/* A list on its way through the memory of answers. */
typedef struct cs_again_t {
    cs_answer_key_t key; /* of no bytes: it is not to be remembered */
    cs_given_t given;    /* what was remembered of it */
    unsigned era;        /* before it was asked for */
    int failed;          /* it was another than remembered */
} cs_again_t;

/* Sets call->reply where the answer is still the one that was remembered.  Else it sets page->list.marks as
 * the list is to be asked for. */
cs_error_t *cs_list_recall(cs_call_t *call, cs_page_t *page, cs_again_t *again_out) CS_CHECKED;

/* What the rows of a list with marks said of it. */
typedef struct cs_list_state_t {
    apr_int64_t mark;
    int unmarked;       /* there was a row without one */
    const char *moment; /* when they were read */
} cs_list_state_t;

/* Remembers call->reply, which is whole. */
void cs_list_remember(const cs_call_t *call, const cs_again_t *again, const cs_list_state_t *state);

/* ---------------- list_link.c */

/* The same request from behind the last row, whose sort values these are; where they are too long for a link,
 * by counting rows.  `rows` of this page. */
const char *cs_list_next_link(const cs_call_t *call, const cs_page_t *page, const cs_val_t *last, int rows);

/* Whether a link that leaves the form to the body has come with its form: SKIP_TOKEN. */
cs_error_t *cs_list_check_form(const cs_call_t *call) CS_CHECKED;

/* ---------------- list_row.c */

/* How rows that are no sessions are numbered. */
typedef struct cs_ordinals_t {
    int header, footer;
} cs_ordinals_t;

/* A name, and what the page's format writes for it; NULL: it is written each time. */
typedef struct cs_ready_name_t {
    const char *name, *ready;
    apr_size_t len, ready_len;
} cs_ready_name_t;

typedef struct cs_cell_form_t {
    const cs_item_t *item;
    cs_ready_name_t name;
    int shown, stored; /* cells of the row */
} cs_cell_form_t;

/* What all rows of a page have in common. */
typedef struct cs_row_form_t {
    const cs_call_t *call;
    const cs_page_t *page;
    cs_ready_name_t primary_key, entity_name;
    const cs_cell_form_t *cells;
    int count;
} cs_row_form_t;

const cs_row_form_t *cs_list_form(const cs_call_t *call, const cs_page_t *page, const cs_writer_t *w);

void cs_list_write_row(cs_writer_t *w, const cs_row_form_t *form, const cs_record_t *row,
                       cs_ordinals_t *ordinals);

#endif
