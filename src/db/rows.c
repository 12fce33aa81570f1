#include "db/rows_take.h"

#include <apr_strings.h>
#include <string.h>

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

/* ---------------- PostgreSQL's binary form of a value */

enum {
    OID_BOOL = 16,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT8 = 701,
    OID_VARCHAR = 1043,
    OID_TIMESTAMP = 1114,
    OID_RECORD = 2249,
};

static const struct {
    Oid oid;
    cs_kind_t kind;
    apr_size_t size; /* bytes; 0: any number */
} types[] = {
    {OID_INT4, CS_K_INT, 4}, {OID_TEXT, CS_K_TEXT, 0},    {OID_BOOL, CS_K_BOOL, 1},
    {OID_INT8, CS_K_INT, 8}, {OID_FLOAT8, CS_K_REAL, 8},  {OID_TIMESTAMP, CS_K_TIME, 8},
    {OID_INT2, CS_K_INT, 2}, {OID_VARCHAR, CS_K_TEXT, 0},
};

static apr_uint64_t big_endian(const char *bytes, apr_size_t count)
{
    apr_uint64_t number = 0;

    for (apr_size_t i = 0; i < count; i++) {
        number = number << 8 | (unsigned char)bytes[i];
    }
    return number;
}

static apr_int64_t signed_number(const char *bytes, apr_size_t count)
{
    apr_uint64_t number = big_endian(bytes, count);

    return count == 2 ? (apr_int16_t)number : count == 4 ? (apr_int32_t)number : (apr_int64_t)number;
}

/* 1, or 0 when the type or its size is none that we read. */
static int read_cell(Oid oid, const char *bytes, apr_size_t len, cs_val_t *cell)
{
    for (apr_size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        apr_uint64_t bits;

        if (types[i].oid != oid) {
            continue;
        }
        if (types[i].size && types[i].size != len) {
            return 0;
        }
        cell->kind = types[i].kind;
        cell->set = 1;
        cell->len = len;
        if (cell->kind == CS_K_TEXT) {
            cell->u.s = bytes;
        }
        else if (cell->kind == CS_K_REAL) {
            bits = big_endian(bytes, len);
            memcpy(&cell->u.d, &bits, sizeof(bits));
        }
        else {
            cell->u.i = len == 1 ? bytes[0] != 0 : signed_number(bytes, len);
        }
        return 1;
    }
    return 0;
}

/* A composite: int32 count, then for each cell oid, int32 length (-1: NULL), bytes. */
static int read_record(apr_pool_t *pool, const char *bytes, apr_size_t len, cs_record_t *record)
{
    const char *end = bytes + len;
    cs_val_t *cells;

    if (len < 4) {
        return 0;
    }
    record->count = (int)signed_number(bytes, 4);
    bytes += 4;
    if (record->count < 0 || (apr_size_t)record->count > len / 8) {
        return 0;
    }
    record->cells = cells = apr_pcalloc(pool, sizeof(*cells) * (apr_size_t)record->count);
    for (int i = 0; i < record->count; i++) {
        Oid oid;
        apr_int64_t size;

        if (end - bytes < 8) {
            return 0;
        }
        oid = (Oid)big_endian(bytes, 4);
        size = signed_number(bytes + 4, 4);
        bytes += 8;
        if (size < 0) {
            continue;
        }
        if (end - bytes < size || !read_cell(oid, bytes, (apr_size_t)size, &cells[i])) {
            return 0;
        }
        bytes += size;
    }
    return 1;
}

static int read_column(apr_pool_t *pool, const PGresult *result, int row, int column, cs_record_t *record)
{
    Oid oid = PQftype(result, column);
    const char *bytes = PQgetvalue(result, row, column);
    apr_size_t len = (apr_size_t)PQgetlength(result, row, column);
    cs_val_t *cell;

    if (oid == OID_RECORD) {
        return read_record(pool, bytes, len, record);
    }
    record->cells = cell = apr_pcalloc(pool, sizeof(*cell));
    record->count = 1;
    return PQgetisnull(result, row, column) || read_cell(oid, bytes, len, cell);
}

cs_error_t *cs_rows_take(apr_pool_t *pool, const PGresult *result, cs_rows_t **rows_out)
{
    cs_rows_t *rows = apr_pcalloc(pool, sizeof(*rows));

    rows->rows = PQntuples(result);
    rows->columns = PQnfields(result);
    rows->records =
        apr_pcalloc(pool, sizeof(*rows->records) * (apr_size_t)rows->rows * (apr_size_t)rows->columns);
    for (int i = 0; i < rows->rows * rows->columns; i++) {
        int column = i % rows->columns;

        if (!read_column(pool, result, i / rows->columns, column, &rows->records[i])) {
            return cs_error_detail(
                cs_error_make(pool, CS_E_DB_FAILED, NULL, "the database answered in an unknown form"),
                apr_psprintf(pool, "column %d of the result cannot be read", column));
        }
    }
    *rows_out = rows;
    return NULL;
}
