#include "model/map.h"

#include "base/span.h"
#include "base/text.h"
#include "model/address.h"
#include "model/localize.h"

#include <apr_strings.h>
#include <string.h>

/* Cells stand in the order of the rows, so one walk over both needs no index. */
typedef struct walk_t {
    cs_writer_t *w;
    const cs_view_t *view;
    const cs_record_t *next; /* the record of the next reference; NULL: there are none */
    const cs_val_t *cell;    /* the next cell of the record being written; NULL: all are unset */
    apr_int64_t id;          /* of the record being written */
    cs_right_t right;        /* on that record */
    cs_carrier_t carrier;
} walk_t;

static const cs_val_t unset_cell = {.kind = CS_K_OTHER};

static const cs_val_t *take_cell(walk_t *walk)
{
    return walk->cell ? walk->cell++ : &unset_cell;
}

/* The cell that lies so many before the next one. */
static const cs_val_t *earlier_cell(const walk_t *walk, int back)
{
    return walk->cell ? walk->cell - back : &unset_cell;
}

static void skip_cells(walk_t *walk, int count)
{
    if (walk->cell) {
        walk->cell += count;
    }
}

static const cs_record_t *take_record(walk_t *walk)
{
    return walk->next ? walk->next++ : NULL;
}

static void skip_records(walk_t *walk, int count)
{
    if (walk->next) {
        walk->next += count;
    }
}

static apr_int64_t number_of(const cs_val_t *cell, const cs_field_t *field)
{
    return cell->set ? cell->u.i : field->unset;
}

static void write_fields(walk_t *walk, const cs_entity_t *entity, const cs_select_t *select);

/* ---------------- single values */

static void write_int(walk_t *walk, const cs_field_t *field)
{
    const cs_val_t *cell = take_cell(walk);

    walk->w->ops->integer(walk->w, field->flags & CS_F_KEY ? walk->id : number_of(cell, field));
}

static void write_bool(walk_t *walk, const cs_field_t *field)
{
    walk->w->ops->boolean(walk->w, number_of(take_cell(walk), field) != 0);
}

static void write_real(walk_t *walk, const cs_field_t *field)
{
    const cs_val_t *cell = take_cell(walk);

    walk->w->ops->real(walk->w, cell->set ? cell->u.d : field->unset);
}

static void write_string(walk_t *walk, const cs_field_t *field)
{
    const cs_val_t *cell = field->column ? take_cell(walk) : earlier_cell(walk, field->again);

    cs_localize_text(walk->w, walk->view->locale, cell->set ? cell->u.s : "", cell->set ? cell->len : 0);
}

static void write_time(walk_t *walk, const cs_field_t *field)
{
    const cs_val_t *cell = take_cell(walk);
    cs_stored_t how = field->flags & CS_F_UTC ? CS_STORED_UTC : CS_STORED_LOCAL;

    cs_localize_time(walk->w, walk->view->locale, cell->set ? cell->u.i : CS_WALL_UNSET, how);
}

static void write_enum(walk_t *walk, const cs_field_t *field)
{
    apr_int64_t value = number_of(field->column ? take_cell(walk) : &unset_cell, field);
    const char *name = cs_enum_name(field->words, value);

    if (name) {
        walk->w->ops->plain(walk->w, name, strlen(name));
    }
    else {
        walk->w->ops->integer(walk->w, value);
    }
}

/* A name for the whole number, else the names of its bits; a number with a bit that has none. */
static void write_flags(walk_t *walk, const cs_field_t *field)
{
    apr_int64_t value = number_of(take_cell(walk), field), rest = value;
    const char *name = cs_enum_name(field->words, value), *names = "";

    for (const cs_word_t *word = field->words->words; !name && word->name; word++) {
        if (word->value && (value & word->value) == word->value) {
            names = apr_pstrcat(walk->w->buf->pool, names, *names ? ", " : "", word->name, NULL);
            rest &= ~(apr_int64_t)word->value;
        }
    }
    if (!name && rest) {
        walk->w->ops->integer(walk->w, value);
        return;
    }
    name = name ? name : names;
    walk->w->ops->flags(walk->w, name, strlen(name));
}

static void write_span(walk_t *walk, const cs_field_t *field)
{
    char text[CS_SPAN_MAX];

    walk->w->ops->plain(walk->w, text, cs_span_print(text, number_of(take_cell(walk), field)));
}

static void write_none(walk_t *walk, const cs_field_t *field)
{
    (void)field;
    walk->w->ops->null(walk->w);
}

static void write_numbers(walk_t *walk, const cs_field_t *field)
{
    const cs_val_t *cell = take_cell(walk);
    const char *at = cell->set ? cell->u.s : "", *end = at + (cell->set ? cell->len : 0);

    (void)field;
    walk->w->ops->array_open(walk->w, "int");
    while (at < end) {
        const char *comma = memchr(at, ',', (apr_size_t)(end - at));
        apr_size_t len = (apr_size_t)((comma ? comma : end) - at);
        apr_int64_t number;

        if (cs_text_integer(at, len, &number)) {
            walk->w->ops->integer(walk->w, number);
        }
        at += len + (comma != NULL);
    }
    walk->w->ops->array_close(walk->w);
}

static void write_map(walk_t *walk, const cs_field_t *field)
{
    (void)field;
    walk->w->ops->map_open(walk->w, "String");
    walk->w->ops->map_close(walk->w);
}

static void write_lines(walk_t *walk, const cs_field_t *field)
{
    const cs_val_t *layout = take_cell(walk);
    const cs_val_t *street = walk->cell;
    int structured = cs_entity_cells(field[1].entity); /* Street, then Postal, stand in the next two rows */

    cs_address_write_lines(walk->w, walk->view->locale, layout, street, street ? street + structured : NULL);
}

static void write_part(walk_t *walk, const cs_part_t *part)
{
    walk->w->ops->ready(walk->w, part->text, part->len);
}

static void write_right(walk_t *walk, const cs_field_t *field)
{
    (void)field;
    write_part(walk, &walk->view->parts->table_right[walk->right]);
}

static void write_properties(walk_t *walk, const cs_field_t *field)
{
    (void)field;
    write_part(walk, &walk->view->parts->properties[walk->right][walk->carrier]);
}

static void write_links(walk_t *walk, const cs_field_t *field)
{
    const char *collection = walk->view->collection;
    cs_writer_t *w = walk->w;
    const char *self = apr_psprintf(w->buf->pool, "%s/%" APR_INT64_T_FMT, collection, walk->id);

    (void)field;
    w->ops->map_open(w, "String");
    w->ops->property(w, "Self", 4);
    w->ops->text(w, self, strlen(self));
    w->ops->property(w, "Archive", 7);
    w->ops->text(w, collection, strlen(collection));
    w->ops->map_close(w);
}

static void (*const write_value[CS_T_COUNT])(walk_t *walk, const cs_field_t *field) = {
    [CS_T_INT] = write_int,     [CS_T_SHORT] = write_int,     [CS_T_BOOL] = write_bool,
    [CS_T_REAL] = write_real,   [CS_T_STRING] = write_string, [CS_T_TIME] = write_time,
    [CS_T_ENUM] = write_enum,   [CS_T_FLAGS] = write_flags,   [CS_T_LINES] = write_lines,
    [CS_T_MAP] = write_map,     [CS_T_RIGHT] = write_right,   [CS_T_PROPERTIES] = write_properties,
    [CS_T_LINKS] = write_links, [CS_T_SPAN] = write_span,     [CS_T_NUMBERS] = write_numbers,
    [CS_T_NONE] = write_none,
};

/* ---------------- carriers */

/* The key's cell is not always the first. */
static apr_int64_t id_of(const cs_entity_t *entity, const cs_record_t *record)
{
    const cs_val_t *cell = record->cells;

    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        if (field->flags & CS_F_KEY) {
            return number_of(cell, field);
        }
        cell += field->type == CS_T_EMBEDDED ? cs_entity_cells(field->entity) : field->column != NULL;
    }
    return 0;
}

/* Another record, known here by its id: read-only, complete when it is there. */
static void write_reference(walk_t *walk, const cs_field_t *field, const cs_select_t *select)
{
    const cs_record_t *record = take_record(walk);
    apr_int64_t id = number_of(take_cell(walk), field);
    walk_t inner = {.w = walk->w, .view = walk->view, .id = id, .right = CS_RIGHT_READ};

    if (id <= 0) {
        walk->w->ops->null(walk->w);
        return;
    }
    inner.cell = record ? record->cells : NULL;
    inner.carrier = field->entity->carrier;
    walk->w->ops->open(walk->w, field->entity->name);
    write_fields(&inner, field->entity, select);
    walk->w->ops->close(walk->w);
}

static void write_embedded(walk_t *walk, const cs_field_t *field, const cs_select_t *select)
{
    walk_t inner = *walk;

    inner.carrier = field->entity->carrier;
    walk->w->ops->open(walk->w, field->entity->name);
    write_fields(&inner, field->entity, select);
    walk->w->ops->close(walk->w);
    walk->cell = inner.cell;
    walk->next = inner.next;
}

/* The records below this one, which have none below them. */
static void write_items(const walk_t *walk, const cs_entity_t *entity, const cs_select_t *select)
{
    cs_view_t view = *walk->view;

    view.item_count = 0;
    walk->w->ops->array_open(walk->w, entity->name);
    for (int i = 0; i < walk->view->item_count; i++) {
        const cs_record_t *item = &walk->view->items[i * walk->view->item_stride];
        walk_t inner = {.w = walk->w, .view = &view, .cell = item->cells, .right = walk->right};

        inner.carrier = entity->carrier;
        inner.id = id_of(entity, item);
        walk->w->ops->open(walk->w, entity->name);
        write_fields(&inner, entity, select);
        walk->w->ops->close(walk->w);
    }
    walk->w->ops->array_close(walk->w);
}

/* A property that was not asked for: its cells are passed over. */
static void write_nothing(walk_t *walk, const cs_field_t *field)
{
    int embedded = field->type == CS_T_EMBEDDED;

    skip_records(walk, embedded ? cs_entity_references(field->entity) : field->type == CS_T_REFERENCE);
    skip_cells(walk, embedded ? cs_entity_cells(field->entity) : field->column != NULL);
    walk->w->ops->null(walk->w);
}

static void write_fields(walk_t *walk, const cs_entity_t *entity, const cs_select_t *select)
{
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];
        const cs_select_t *part = select && select->chosen[i] == CS_SELECT_PART ? select->parts[i] : NULL;

        if (field->type == CS_T_LINKS && !walk->view->collection) {
            continue;
        }
        walk->w->ops->property(walk->w, field->name, field->name_len);
        if (select && select->chosen[i] == CS_SELECT_NOTHING) {
            write_nothing(walk, field);
        }
        else if (field->type == CS_T_REFERENCE) {
            write_reference(walk, field, part);
        }
        else if (field->type == CS_T_EMBEDDED) {
            write_embedded(walk, field, part);
        }
        else if (field->type == CS_T_ITEMS) {
            write_items(walk, entity, select);
        }
        else {
            write_value[field->type](walk, field);
        }
    }
}

void cs_map_entity(cs_writer_t *w, const cs_entity_t *entity, const cs_record_t *records,
                   const cs_view_t *view)
{
    walk_t walk = {.w = w, .view = view, .right = view->right, .carrier = entity->carrier};

    if (records) {
        walk.cell = records[0].cells;
        walk.next = records + 1;
        walk.id = id_of(entity, &records[0]);
    }
    w->ops->open(w, entity->name);
    write_fields(&walk, entity, view->select);
    w->ops->close(w);
}
