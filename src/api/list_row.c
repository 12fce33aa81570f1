/* api/list_row.c -- a row of a list: slim, or full with what is stored and what is shown. */
#include "api/list_page.h"
#include "base/clock.h"
#include "base/lang.h"
#include "base/num.h"
#include "model/localize.h"

#include <apr_strings.h>
#include <string.h>

#define ENTITY_NAME "chat"
#define CELL_MAX    80 /* bytes of a value that is no text */

static void put_name(cs_writer_t *w, const char *name)
{
    w->ops->property(w, name, strlen(name));
}

static void put_plain(cs_writer_t *w, const char *text)
{
    w->ops->plain(w, text, strlen(text));
}

/* ---------------- values */

/* A count is no span, a sum of spans is one. */
static int is_span(const cs_item_t *item)
{
    return item->listed.column->by == CS_BY_SPAN && item->figure != CS_FIGURE_COUNT &&
           item->figure != CS_FIGURE_COUNT_ALL && item->figure != CS_FIGURE_PERCENT;
}

/* The value is the column's own, and neither a figure nor a part of a date. */
static int is_own(const cs_item_t *item)
{
    return !item->part && (item->figure == CS_FIGURE_NONE || item->figure == CS_FIGURE_GROUP);
}

static const char *word_of(const cs_item_t *item, const cs_val_t *cell)
{
    const cs_enum_t *words = item->listed.column->words;

    return is_own(item) && words && cell->kind == CS_K_INT ? cs_enum_name(words, cell->u.i) : NULL;
}

/* -1 is nobody. */
static apr_int64_t number_of(const cs_item_t *item, apr_int64_t number)
{
    return number < 0 && is_own(item) && item->listed.column->by == CS_BY_LIST ? 0 : number;
}

static void print_span(char text[CELL_MAX], apr_int64_t seconds)
{
    apr_int64_t amount = seconds < 0 ? -seconds : seconds;

    apr_snprintf(text, CELL_MAX, "%s%02" APR_INT64_T_FMT ":%02" APR_INT64_T_FMT ":%02" APR_INT64_T_FMT,
                 seconds < 0 ? "-" : "", amount / 3600, amount / 60 % 60, amount % 60);
}

static cs_wall_t wall_of(const cs_val_t *cell)
{
    return cell->u.i < CS_WALL_UNSET ? CS_WALL_UNSET : cell->u.i;
}

static void write_integer(cs_writer_t *w, const cs_page_t *page, const cs_item_t *item, const cs_val_t *cell)
{
    const char *word = page->mode == CS_MODE_SLIM ? word_of(item, cell) : NULL;
    char text[CELL_MAX];

    if (word) {
        put_plain(w, word);
    }
    else if (is_span(item) && page->mode == CS_MODE_SLIM) {
        print_span(text, cell->u.i);
        put_plain(w, text);
    }
    else {
        w->ops->integer(w, number_of(item, cell->u.i));
    }
}

/* As programs read it. */
static void write_value(cs_writer_t *w, const cs_call_t *call, const cs_page_t *page, const cs_item_t *item,
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
        cs_localize_time(w, call->cx->locale, wall_of(cell), CS_STORED_LOCAL);
        break;
    case CS_K_BOOL:
        if (page->display && page->mode == CS_MODE_SLIM) {
            put_plain(w, cell->u.i ? "[B:1]" : "[B:0]");
        }
        else {
            w->ops->boolean(w, cell->u.i != 0);
        }
        break;
    case CS_K_REAL:
        w->ops->real(w, cell->u.d);
        break;
    default:
        write_integer(w, page, item, cell);
        break;
    }
}

/* ---------------- what is shown beside it: encoded, the same in every culture */

/* [D:MM/dd/yyyy] or [DT:MM/dd/yyyy HH:mm:ss], of the caller's clock; "" for no date. */
static void print_time(char text[CELL_MAX], const cs_call_t *call, const cs_item_t *item,
                       const cs_val_t *cell)
{
    char iso[CS_WALL_MAX];
    int day = item->listed.column->by == CS_BY_DATE;

    text[0] = '\0';
    if (wall_of(cell) != CS_WALL_UNSET) {
        cs_clock_print(iso, call->cx->locale, wall_of(cell), CS_STORED_LOCAL);
        apr_snprintf(text, CELL_MAX, "[%s:%.2s/%.2s/%.4s%s%.8s]", day ? "D" : "DT", iso + 5, iso + 8, iso,
                     day ? "" : " ", day ? "" : iso + 11);
    }
}

static void print_display(char text[CELL_MAX], const cs_call_t *call, const cs_item_t *item,
                          const cs_val_t *cell)
{
    char digits[CS_NUM_MAX];
    const char *word = word_of(item, cell);

    text[0] = '\0';
    if (word) {
        apr_cpystrn(text, word, CELL_MAX);
    }
    else if (cell->kind == CS_K_TIME) {
        print_time(text, call, item, cell);
    }
    else if (cell->kind == CS_K_REAL) {
        digits[cs_num_print_real(digits, cell->u.d)] = '\0';
        apr_snprintf(text, CELL_MAX, "[F:%s]", digits);
    }
    else if (cell->kind == CS_K_BOOL) {
        apr_snprintf(text, CELL_MAX, "[B:%d]", cell->u.i ? 1 : 0);
    }
    else {
        apr_snprintf(text, CELL_MAX, "[%s:%" APR_INT64_T_FMT "]", is_span(item) ? "TS" : "I",
                     number_of(item, cell->u.i));
    }
}

static void write_display(cs_writer_t *w, const cs_call_t *call, const cs_item_t *item, const cs_val_t *cell)
{
    char text[CELL_MAX];

    if (!cell->set) {
        put_plain(w, "");
    }
    else if (cell->kind == CS_K_TEXT) {
        cs_localize_text(w, call->cx->locale, cell->u.s, cell->len);
    }
    else {
        print_display(text, call, item, cell);
        put_plain(w, text);
    }
}

/* ---------------- rows */

/* What the row is: a session, or what level of groups it stands for. */
typedef struct row_t {
    const cs_record_t *cells;
    apr_int64_t key;
    int level, place; /* of a session: below all groups, 1 */
    int detail;
} row_t;

static row_t open_row(const cs_page_t *page, const cs_record_t *cells)
{
    row_t row = {.cells = cells, .key = cells[CS_LIST_KEY].cells[0].u.i, .place = 1, .detail = 1};

    if (page->list.groups) {
        row.level = (int)cells[CS_LIST_LEVEL].cells[0].u.i;
        row.place = (int)cells[CS_LIST_PLACE].cells[0].u.i;
        row.detail = row.level > page->list.groups->levels;
    }
    return row;
}

static const char *name_row(const row_t *row, cs_ordinals_t *ordinals, char name[CELL_MAX], apr_int64_t *key)
{
    *key = row->key;
    if (row->detail) {
        return ENTITY_NAME;
    }
    *key = row->level == 0 ? 1 : row->place == 0 ? ++ordinals->header : ++ordinals->footer;
    apr_snprintf(name, CELL_MAX, row->level ? "%s:%d" : "%s",
                 row->level == 0   ? "grandtotal"
                 : row->place == 0 ? "header"
                                   : "footer",
                 row->level);
    return name;
}

/* Columns of sessions are in their rows, a group's name in its own, figures in all unless they are hidden. */
static int is_in(const row_t *row, const cs_item_t *item)
{
    switch (item->figure) {
    case CS_FIGURE_NONE:
        return row->detail;
    case CS_FIGURE_GROUP:
        return !row->detail && row->level == item->level;
    default:
        return !row->detail || !item->hide;
    }
}

/* A name as the format has written it before, where it keeps such. */
static void put_ready(cs_writer_t *w, const cs_ready_name_t *name)
{
    if (name->ready) {
        w->ops->ready_name(w, name->ready, name->ready_len);
    }
    else {
        w->ops->name(w, name->name, name->len);
    }
}

static void write_slim(cs_writer_t *w, const cs_row_form_t *form, const row_t *row)
{
    for (int i = 0; i < form->count; i++) {
        const cs_cell_form_t *cell = &form->cells[i];

        if (is_in(row, cell->item)) {
            put_ready(w, &cell->name);
            write_value(w, form->call, form->page, cell->item, row->cells[cell->shown].cells);
        }
    }
}

static void write_hints(cs_writer_t *w, const row_t *row)
{
    char link[CELL_MAX] = "";

    if (row->detail) {
        apr_snprintf(link, sizeof(link), "nav=chat&chat_session_id=%" APR_INT64_T_FMT, row->key);
    }
    put_name(w, "StyleHint");
    put_plain(w, "");
    put_name(w, "LinkHint");
    w->ops->text(w, link, strlen(link));
    put_name(w, "TableRight");
    w->ops->open(w, "TableRight");
    put_name(w, "Mask");
    w->ops->integer(w, 1);
    put_name(w, "Reason");
    put_plain(w, "");
    w->ops->close(w);
}

static void write_column(cs_writer_t *w, const cs_row_form_t *form, const row_t *row,
                         const cs_cell_form_t *cell)
{
    w->ops->open(w, "ArchiveColumnData");
    put_name(w, "RawValue");
    write_value(w, form->call, form->page, cell->item, row->cells[cell->stored].cells);
    put_name(w, "DisplayValue");
    write_display(w, form->call, cell->item, row->cells[cell->shown].cells);
    put_name(w, "LinkHint");
    put_plain(w, "");
    put_name(w, "TooltipHint");
    put_plain(w, "");
    w->ops->close(w);
}

static void write_full(cs_writer_t *w, const cs_row_form_t *form, const row_t *row)
{
    write_hints(w, row);
    put_name(w, "Column");
    w->ops->map_open(w, "ArchiveColumnData");
    for (int i = 0; i < form->count; i++) {
        const cs_cell_form_t *cell = &form->cells[i];

        if (is_in(row, cell->item)) {
            put_ready(w, &cell->name);
            write_column(w, form, row, cell);
        }
    }
    w->ops->map_close(w);
}

void cs_list_write_row(cs_writer_t *w, const cs_row_form_t *form, const cs_record_t *cells,
                       cs_ordinals_t *ordinals)
{
    row_t row = open_row(form->page, cells);
    char digits[CS_NUM_MAX], text[CELL_MAX];
    const char *name;
    apr_int64_t key;

    name = name_row(&row, ordinals, text, &key);
    w->ops->open(w, "Row");
    put_ready(w, &form->primary_key);
    if (form->page->mode == CS_MODE_SLIM) {
        w->ops->plain(w, digits, cs_num_print_int(digits, key));
    }
    else {
        w->ops->integer(w, key);
    }
    put_ready(w, &form->entity_name);
    put_plain(w, name);
    (form->page->mode == CS_MODE_SLIM ? write_slim : write_full)(w, form, &row);
    w->ops->close(w);
}

/* ---------------- what all rows of a page have in common */

/* Its length in the text of all of them. */
static cs_ready_name_t write_name(const cs_writer_t *w, cs_buf_t *all, const char *name, apr_size_t len)
{
    cs_ready_name_t made = {.name = name, .len = len};

    if (w->ops->ready_name) {
        cs_writer_t one = {.ops = w->ops, .buf = all};
        apr_size_t before = all->length;

        one.ops->name(&one, name, len);
        made.ready_len = all->length - before;
    }
    return made;
}

static const char *take_ready(cs_ready_name_t *name, const char *at)
{
    name->ready = name->ready_len ? at : NULL;
    return at + name->ready_len;
}

const cs_row_form_t *cs_list_form(const cs_call_t *call, const cs_page_t *page, const cs_writer_t *w)
{
    apr_pool_t *pool = call->cx->pool;
    int count = page->list.chosen->nelts;
    cs_row_form_t *form = apr_palloc(pool, sizeof(*form));
    cs_cell_form_t *cells = apr_palloc(pool, sizeof(*cells) * (apr_size_t)count);
    cs_buf_t *all = cs_buf_make(pool, CS_REPLY_CEILING);
    const char *at;

    *form = (cs_row_form_t){.call = call, .page = page, .cells = cells, .count = count};
    form->primary_key = write_name(w, all, "PrimaryKey", 10);
    form->entity_name = write_name(w, all, "EntityName", 10);
    for (int i = 0; i < count; i++) {
        const cs_chosen_t *chosen = &APR_ARRAY_IDX(page->list.chosen, i, cs_chosen_t);

        cells[i] = (cs_cell_form_t){.item = &chosen->item,
                                    .name = write_name(w, all, chosen->name, chosen->len),
                                    .shown = cs_list_cell(&page->list, i),
                                    .stored = cs_list_raw_cell(&page->list, i)};
    }
    at = cs_buf_bytes(all, pool);
    at = take_ready(&form->entity_name, take_ready(&form->primary_key, at));
    for (int i = 0; i < count; i++) {
        at = take_ready(&cells[i].name, at);
    }
    return form;
}
