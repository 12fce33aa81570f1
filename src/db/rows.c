#include "db/rows_take.h"

#include "db/types.h"

#include <apr_strings.h>

struct cs_rows_t {
    int rows, columns;
    cs_record_t *records; /* rows * columns */
};

int cs_rows_count(const cs_rows_t *rows)
{
    return rows->rows;
}

const cs_record_t *cs_rows_get(const cs_rows_t *rows, int row)
{
    return &rows->records[(apr_size_t)row * (apr_size_t)rows->columns];
}

apr_int64_t cs_rows_number(const cs_rows_t *rows, apr_int64_t missing)
{
    const cs_val_t *cell = rows->rows ? rows->records[0].cells : NULL;

    return cell && cell->set ? cell->u.i : missing;
}

/* ---------------- composite values
 *
 *      record = int32 count, then count times: int32 type, int32 length (-1: NULL), bytes
 */
typedef struct wire_t {
    const char *at, *end;
    int count;
} wire_t;

typedef struct wire_cell_t {
    apr_uint32_t oid;
    const char *bytes; /* NULL: SQL NULL */
    apr_size_t len;
} wire_cell_t;

static int open_record(const char *bytes, apr_size_t len, wire_t *wire)
{
    if (len < 4) {
        return 0;
    }
    wire->at = bytes + 4;
    wire->end = bytes + len;
    wire->count = cs_read_int32(bytes);
    return wire->count >= 0 && (apr_size_t)wire->count <= len / 8;
}

static int next_cell(wire_t *wire, wire_cell_t *cell)
{
    apr_int64_t size;

    if (wire->end - wire->at < 8) {
        return 0;
    }
    cell->oid = (apr_uint32_t)cs_read_int32(wire->at);
    size = cs_read_int32(wire->at + 4);
    wire->at += 8;
    cell->bytes = size < 0 ? NULL : wire->at;
    cell->len = size < 0 ? 0 : (apr_size_t)size;
    if (size > wire->end - wire->at) {
        return 0;
    }
    wire->at += cell->len;
    return 1;
}

/* ROW(...) in a statement: its cells as they come. */
static int read_anonymous(apr_pool_t *pool, wire_t *wire, cs_record_t *record)
{
    cs_val_t *cells = apr_pcalloc(pool, sizeof(*cells) * (apr_size_t)wire->count);

    record->cells = cells;
    record->count = wire->count;
    for (int i = 0; i < wire->count; i++) {
        wire_cell_t cell;

        if (!next_cell(wire, &cell) ||
            (cell.bytes && !cs_type_read(cell.oid, CS_K_OTHER, cell.bytes, cell.len, &cells[i]))) {
            return 0;
        }
    }
    return 1;
}

/* A table's record: each value to its cell.  Anything but what the layout says means that the table was
 * changed. */
static int read_laid_out(const cs_layout_t *layout, wire_t *wire, cs_val_t *cells)
{
    if (wire->count != layout->count) {
        return 0;
    }
    for (int i = 0; i < wire->count; i++) {
        const cs_attribute_t *attribute = &layout->attributes[i];
        wire_cell_t cell;

        if (!next_cell(wire, &cell) || cell.oid != attribute->oid) {
            return 0;
        }
        if (attribute->cell >= 0 && cell.bytes &&
            !cs_type_read_as(attribute->reading, cell.bytes, cell.len, &cells[attribute->cell])) {
            return 0;
        }
    }
    return 1;
}

/* ---------------- results */

/* A column of a result, and how its values are read. */
typedef struct column_t {
    int is_row;                  /* ROW(...) */
    const cs_layout_t *layout;   /* a table's record, or NULL */
    const cs_reading_t *reading; /* a plain value; NULL: as none that is known */
    int cells;
} column_t;

static const column_t *open_columns(apr_pool_t *pool, const PGresult *result, const cs_layouts_t *layouts,
                                    int first, int count)
{
    column_t *columns = apr_palloc(pool, sizeof(*columns) * (apr_size_t)count);

    for (int i = 0; i < count; i++) {
        Oid oid = PQftype(result, first + i);
        const cs_layout_t *layout = cs_layout_find(layouts, oid);

        columns[i] = (column_t){.is_row = oid == CS_OID_RECORD,
                                .layout = layout,
                                .reading = layout ? NULL : cs_type_reading(oid, CS_K_OTHER),
                                .cells = oid == CS_OID_RECORD ? 0
                                         : layout             ? layout->cells
                                                              : 1};
    }
    return columns;
}

/* Into the record's cells, which are there already, but those of ROW(...): 1, or 0 when it cannot be read. */
static int read_value(apr_pool_t *pool, const column_t *column, const char *bytes, apr_size_t len,
                      cs_record_t *record, cs_val_t *cells)
{
    wire_t wire;

    if (column->is_row) {
        return open_record(bytes, len, &wire) && read_anonymous(pool, &wire, record);
    }
    if (column->layout) {
        return open_record(bytes, len, &wire) && read_laid_out(column->layout, &wire, cells);
    }
    return column->reading && cs_type_read_as(column->reading, bytes, len, cells);
}

int cs_rows_expected(const PGresult *description, const cs_layouts_t *layouts)
{
    for (int column = 0; column < PQnfields(description); column++) {
        Oid oid = PQftype(description, column);

        if (oid != CS_OID_RECORD && !cs_type_fits(oid, CS_K_OTHER) && !cs_layout_find(layouts, oid)) {
            return 0;
        }
    }
    return 1;
}

static cs_error_t *unreadable(apr_pool_t *pool, int column)
{
    return cs_error_detail(
        cs_error_make(pool, CS_E_DB_LOST, NULL, "the tables of the database have changed"),
        apr_psprintf(pool, "column %d of the result is not as the table was when the connection was opened",
                     column));
}

static cs_rows_t *make_rows(apr_pool_t *pool, int rows, int columns)
{
    cs_rows_t *made = apr_palloc(pool, sizeof(*made));

    made->rows = rows;
    made->columns = columns;
    made->records = apr_pcalloc(pool, sizeof(*made->records) * (apr_size_t)rows * (apr_size_t)columns);
    return made;
}

static int cells_of(const column_t *columns, int count)
{
    int cells = 0;

    for (int i = 0; i < count; i++) {
        cells += columns[i].cells;
    }
    return cells;
}

/* A result without its first columns.  Texts are the result's bytes, or copies of them. */
typedef struct part_t {
    apr_pool_t *pool;
    const PGresult *result;
    int column;
    int copied;
    const column_t *columns;
    int count;
} part_t;

/* A row's values into cells that are all unset, and its records onto them. */
static cs_error_t *read_row(const part_t *part, int row, cs_record_t *records, cs_val_t *cells)
{
    for (int i = 0; i < part->count; i++) {
        const column_t *column = &part->columns[i];
        int number = part->column + i;
        apr_size_t len = (apr_size_t)PQgetlength(part->result, row, number);
        int null = len == 0 && PQgetisnull(part->result, row, number);
        const char *bytes = PQgetvalue(part->result, row, number);

        bytes = part->copied && !null ? apr_pmemdup(part->pool, bytes, len) : bytes;
        records[i] = (cs_record_t){cells, column->cells};
        if (null ? column->is_row : !read_value(part->pool, column, bytes, len, &records[i], cells)) {
            return unreadable(part->pool, number);
        }
        cells += column->cells;
    }
    return NULL;
}

static cs_error_t *read_rows(part_t *part, int first, const cs_layouts_t *layouts, cs_rows_t *rows)
{
    apr_size_t width, records = (apr_size_t)rows->columns;
    cs_val_t *cells;

    part->columns = open_columns(part->pool, part->result, layouts, part->column, rows->columns);
    part->count = rows->columns;
    width = (apr_size_t)cells_of(part->columns, part->count);
    cells = apr_pcalloc(part->pool, sizeof(*cells) * (apr_size_t)rows->rows * width);
    for (int i = 0; i < rows->rows; i++) {
        CS_TRY(read_row(part, first + i, rows->records + (apr_size_t)i * records,
                        cells + (apr_size_t)i * width));
    }
    return NULL;
}

cs_error_t *cs_rows_take(apr_pool_t *pool, const PGresult *result, const cs_layouts_t *layouts, int most,
                         cs_rows_t **rows_out)
{
    part_t part = {.pool = pool, .result = result};
    cs_rows_t *rows = make_rows(pool, PQntuples(result) < most ? PQntuples(result) : most, PQnfields(result));

    CS_TRY(read_rows(&part, 0, layouts, rows));
    *rows_out = rows;
    return NULL;
}

struct cs_row_reader_t {
    part_t part;
    apr_size_t width;
    cs_record_t *records;
    cs_val_t *cells;
};

cs_row_reader_t *cs_rows_open(apr_pool_t *pool, const PGresult *result, const cs_layouts_t *layouts)
{
    cs_row_reader_t *reader = apr_palloc(pool, sizeof(*reader));

    reader->part = (part_t){.pool = pool, .result = result, .count = PQnfields(result)};
    reader->part.columns = open_columns(pool, result, layouts, 0, reader->part.count);
    reader->width = sizeof(*reader->cells) * (apr_size_t)cells_of(reader->part.columns, reader->part.count);
    reader->records = apr_palloc(pool, sizeof(*reader->records) * (apr_size_t)reader->part.count);
    reader->cells = apr_palloc(pool, reader->width);
    return reader;
}

cs_error_t *cs_rows_read(cs_row_reader_t *reader, int row, const cs_record_t **row_out)
{
    memset(reader->cells, 0, reader->width);
    *row_out = reader->records;
    return read_row(&reader->part, row, reader->records, reader->cells);
}

cs_rows_t *cs_rows_none(apr_pool_t *pool)
{
    return make_rows(pool, 0, 0);
}

cs_error_t *cs_rows_take_one(apr_pool_t *pool, const PGresult *result, const cs_layouts_t *layouts, int row,
                             int copied, cs_rows_t **rows_out)
{
    part_t part = {.pool = pool, .result = result, .column = 1, .copied = copied};
    cs_rows_t *rows = make_rows(pool, 1, PQnfields(result) - 1);

    CS_TRY(read_rows(&part, row, layouts, rows));
    *rows_out = rows;
    return NULL;
}
