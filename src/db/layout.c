#include "db/layout.h"

#include "db/types.h"

#include <apr_strings.h>
#include <string.h>

/* Columns of schema_layout. */
enum { TABLE, TYPE, COLUMN, COLUMN_TYPE, MARK };

static int is_text(const cs_record_t *column, const char *text)
{
    const cs_val_t *cell = column->cells;

    return cell->set && cell->len == strlen(text) && memcmp(cell->u.s, text, cell->len) == 0;
}

static cs_error_t *unfit(apr_pool_t *pool, const char *detail)
{
    return cs_error_detail(
        cs_error_make(pool, CS_E_DB_SCHEMA, NULL, "the database is not prepared for this server"), detail);
}

static const cs_column_t *wanted_column(const cs_shape_t *shape, const cs_record_t *name)
{
    for (int i = 0; i < shape->count; i++) {
        if (is_text(name, shape->columns[i].name)) {
            return &shape->columns[i];
        }
    }
    return NULL;
}

/* The columns of one table: those that are wanted get the place of their cell.  A table of several sets
 * stands in each of them; the first counts. */
static cs_error_t *make_one(apr_pool_t *pool, apr_pool_t *error_pool, const cs_shape_t *shape,
                            const cs_rows_t *rows, cs_layout_t *layout)
{
    unsigned char *found = apr_pcalloc(error_pool, (apr_size_t)shape->count);
    const cs_val_t *set = NULL;

    layout->cells = shape->count;
    layout->attributes = apr_palloc(pool, sizeof(cs_attribute_t) * (apr_size_t)cs_rows_count(rows));
    for (int i = 0; i < cs_rows_count(rows); i++) {
        const cs_record_t *row = cs_rows_get(rows, i);
        const cs_column_t *column;
        cs_attribute_t *attribute;

        if (!is_text(&row[TABLE], shape->table) || (set && set->u.i != row[MARK].cells->u.i)) {
            continue;
        }
        set = row[MARK].cells;
        column = wanted_column(shape, &row[COLUMN]);
        attribute = &layout->attributes[layout->count++];
        attribute->oid = (apr_uint32_t)row[COLUMN_TYPE].cells->u.i;
        attribute->cell = column ? (int)(column - shape->columns) : -1;
        attribute->reading = column ? cs_type_reading(attribute->oid, column->kind) : NULL;
        layout->oid = (apr_uint32_t)row[TYPE].cells->u.i;
        if (column && !attribute->reading) {
            return unfit(error_pool, apr_psprintf(error_pool, "column %s.%s must be of type %s", shape->table,
                                                  column->name, cs_type_wanted(column->kind)));
        }
        if (column) {
            found[attribute->cell] = 1;
        }
    }
    for (int i = 0; i < shape->count; i++) {
        if (!found[i]) {
            return unfit(error_pool, apr_psprintf(error_pool, "table %s lacks column %s", shape->table,
                                                  shape->columns[i].name));
        }
    }
    return NULL;
}

cs_error_t *cs_layouts_make(apr_pool_t *pool, apr_pool_t *error_pool, const cs_shape_t *shapes, int count,
                            const cs_rows_t *rows, cs_layouts_t *layouts_out)
{
    cs_layout_t *layouts = apr_pcalloc(pool, sizeof(*layouts) * (apr_size_t)count);

    for (int i = 0; i < count; i++) {
        CS_TRY(make_one(pool, error_pool, &shapes[i], rows, &layouts[i]));
    }
    for (int i = 0; i < cs_rows_count(rows); i++) {
        apr_int64_t mark = cs_rows_get(rows, i)[MARK].cells->u.i;

        if (!cs_layouts_have(layouts_out, mark) && layouts_out->mark_count < CS_MARKS_MAX) {
            layouts_out->marks[layouts_out->mark_count++] = mark;
        }
    }
    layouts_out->layouts = layouts;
    layouts_out->count = count;
    return NULL;
}

int cs_layouts_have(const cs_layouts_t *layouts, apr_int64_t mark)
{
    for (int i = 0; i < layouts->mark_count; i++) {
        if (layouts->marks[i] == mark) {
            return 1;
        }
    }
    return 0;
}

const cs_layout_t *cs_layout_find(const cs_layouts_t *layouts, apr_uint32_t oid)
{
    for (int i = 0; i < layouts->count; i++) {
        if (layouts->layouts[i].oid == oid) {
            return &layouts->layouts[i];
        }
    }
    return NULL;
}
