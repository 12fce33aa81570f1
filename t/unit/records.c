/* t/unit/records.c -- PostgreSQL's bytes to rows: types, the layouts of tables, records that are not what
 * they should be. */
#include "db/layout.h"
#include "db/rows_take.h"
#include "db/types.h"
#include "support.h"
#include "tap.h"

#include <libpq-fe.h>

enum {
    OID_BOOL = 16,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_TIMESTAMP = 1114,
    OID_TIMESTAMPTZ = 1184,
    OID_NUMERIC = 1700,
    OID_PERSON = 50001, /* the composite type of a table of this test */
    OID_UNKNOWN_TABLE = 50002,
    MARK = 4711, /* of the tables' layout */
};

/* ---------------- bytes by hand */

typedef struct bytes_t {
    const char *s; /* NULL: SQL NULL */
    int len;
} bytes_t;

#define RAW(literal) ((bytes_t){literal, sizeof(literal) - 1})
#define NOTHING      ((bytes_t){NULL, -1})

static bytes_t number(apr_pool_t *pool, apr_int64_t value, int size)
{
    char *bytes = apr_palloc(pool, (apr_size_t)size);

    cs_write_number(bytes, value, size);
    return (bytes_t){bytes, size};
}

static bytes_t joined(apr_pool_t *pool, bytes_t a, bytes_t b)
{
    char *bytes = apr_palloc(pool, (apr_size_t)(a.len + b.len) + 1);

    memcpy(bytes, a.s, (size_t)a.len);
    memcpy(bytes + a.len, b.s, (size_t)b.len);
    return (bytes_t){bytes, a.len + b.len};
}

/* A composite value: the number of its cells, then the type, length and bytes of each. */
static bytes_t composite(apr_pool_t *pool, int count, const Oid *oids, const bytes_t *cells)
{
    bytes_t whole = number(pool, count, 4);

    for (int i = 0; i < count; i++) {
        whole = joined(pool, whole, number(pool, (apr_int64_t)oids[i], 4));
        whole = joined(pool, whole, number(pool, cells[i].len, 4));
        if (cells[i].s) {
            whole = joined(pool, whole, cells[i]);
        }
    }
    return whole;
}

static apr_status_t clear_result(void *result)
{
    PQclear(result);
    return APR_SUCCESS;
}

/* A binary result of `rows` rows; the values stand row by row. */
static PGresult *result_of(apr_pool_t *pool, int columns, const Oid *oids, int rows, const bytes_t *values)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc *attributes = apr_pcalloc(pool, sizeof(*attributes) * (apr_size_t)columns);
    char name[] = "column";

    apr_pool_cleanup_register(pool, result, clear_result, apr_pool_cleanup_null);
    for (int i = 0; i < columns; i++) {
        attributes[i].name = name;
        attributes[i].format = 1;
        attributes[i].typid = oids[i];
    }
    PQsetResultAttrs(result, columns, attributes);
    for (int i = 0; i < rows * columns; i++) {
        char *copy = values[i].s ? apr_pstrmemdup(pool, values[i].s, (apr_size_t)values[i].len) : NULL;

        PQsetvalue(result, i / columns, i % columns, copy, values[i].len);
    }
    return result;
}

static const char *shown(apr_pool_t *pool, const cs_val_t *cell)
{
    if (!cell->set) {
        return "nothing";
    }
    switch (cell->kind) {
    case CS_K_INT:
        return apr_psprintf(pool, "int %" APR_INT64_T_FMT, cell->u.i);
    case CS_K_BOOL:
        return apr_psprintf(pool, "bool %" APR_INT64_T_FMT, cell->u.i);
    case CS_K_TIME:
        return apr_psprintf(pool, "time %" APR_INT64_T_FMT, cell->u.i);
    case CS_K_SPAN:
        return apr_psprintf(pool, "span %" APR_INT64_T_FMT, cell->u.i);
    case CS_K_REAL:
        return apr_psprintf(pool, "real %.17g", cell->u.d);
    case CS_K_TEXT:
        return apr_psprintf(pool, "text %s", apr_pstrmemdup(pool, cell->u.s, cell->len));
    case CS_K_OTHER:
    case CS_K_COUNT:
        break;
    }
    return "a kind that there is not";
}

/* ---------------- types */

static const struct {
    Oid oid;
    cs_kind_t kind; /* CS_K_OTHER: what the type is by itself */
    bytes_t bytes;
    const char *shown; /* NULL: it cannot be read so */
} readings[] = {
    {OID_INT4, CS_K_OTHER, {"\x00\x00\x00\x05", 4}, "int 5"},
    {OID_INT4, CS_K_INT, {"\xFF\xFF\xFF\xFF", 4}, "int -1"},
    {OID_INT4, CS_K_INT, {"\x80\x00\x00\x00", 4}, "int -2147483648"},
    {OID_INT4, CS_K_INT, {"\x7F\xFF\xFF\xFF", 4}, "int 2147483647"},
    {OID_INT2, CS_K_INT, {"\xFF\xFE", 2}, "int -2"},
    {OID_INT8, CS_K_INT, {"\x80\x00\x00\x00\x00\x00\x00\x00", 8}, "int -9223372036854775808"},
    {OID_INT8, CS_K_OTHER, {"\x00\x00\x00\x01\x00\x00\x00\x00", 8}, "int 4294967296"},
    {OID_BOOL, CS_K_OTHER, {"\x01", 1}, "bool 1"},
    {OID_BOOL, CS_K_BOOL, {"\x00", 1}, "bool 0"},
    {OID_INT2, CS_K_BOOL, {"\x00\x01", 2}, "bool 1"},
    {OID_INT4, CS_K_BOOL, {"\x00\x00\x00\x00", 4}, "bool 0"},
    {OID_INT4, CS_K_BOOL, {"\xFF\xFF\xFF\xFF", 4}, "bool 1"},
    {OID_FLOAT8, CS_K_OTHER, {"\x3F\xF8\x00\x00\x00\x00\x00\x00", 8}, "real 1.5"},
    {OID_FLOAT8, CS_K_REAL, {"\xBF\xF8\x00\x00\x00\x00\x00\x00", 8}, "real -1.5"},
    {OID_FLOAT4, CS_K_REAL, {"\xBF\xC0\x00\x00", 4}, "real -1.5"},
    {OID_TIMESTAMP, CS_K_OTHER, {"\x00\x00\x00\x00\x00\x0F\x42\x40", 8}, "time 1000000"},
    {OID_TIMESTAMP, CS_K_TIME, {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8}, "time -1"},
    {OID_TEXT, CS_K_OTHER, {"abc", 3}, "text abc"},
    {OID_TEXT, CS_K_TEXT, {"", 0}, "text "},
    {OID_VARCHAR, CS_K_TEXT, {"abc", 3}, "text abc"},
    {OID_VARCHAR, CS_K_OTHER, {"abc", 3}, "text abc"},
    {OID_BPCHAR, CS_K_TEXT, {"abc ", 4}, "text abc "},
    {OID_NAME, CS_K_TEXT, {"abc", 3}, "text abc"},
    /* of another size than the type has */
    {OID_INT4, CS_K_INT, {"\x00\x00\x05", 3}, NULL},
    {OID_INT4, CS_K_INT, {"", 0}, NULL},
    {OID_INT4, CS_K_INT, {"\x00\x00\x00\x00\x05", 5}, NULL},
    {OID_INT2, CS_K_INT, {"\x05", 1}, NULL},
    {OID_INT8, CS_K_INT, {"\x00\x00\x00\x05", 4}, NULL},
    {OID_BOOL, CS_K_BOOL, {"", 0}, NULL},
    {OID_BOOL, CS_K_BOOL, {"\x00\x01", 2}, NULL},
    {OID_FLOAT8, CS_K_REAL, {"\x3F\xF8\x00\x00", 4}, NULL},
    {OID_TIMESTAMP, CS_K_TIME, {"\x00\x00\x00\x00", 4}, NULL},
    /* of a type that is not read as that */
    {OID_TEXT, CS_K_INT, {"5", 1}, NULL},
    {OID_INT4, CS_K_TEXT, {"\x00\x00\x00\x05", 4}, NULL},
    {OID_INT4, CS_K_TIME, {"\x00\x00\x00\x05", 4}, NULL},
    {OID_INT8, CS_K_TIME, {"\x00\x00\x00\x00\x00\x00\x00\x05", 8}, NULL},
    {OID_INT4, CS_K_REAL, {"\x00\x00\x00\x05", 4}, NULL},
    {OID_FLOAT8, CS_K_INT, {"\x3F\xF8\x00\x00\x00\x00\x00\x00", 8}, NULL},
    {OID_BOOL, CS_K_INT, {"\x01", 1}, NULL},
    {OID_TEXT, CS_K_BOOL, {"t", 1}, NULL},
    {OID_TIMESTAMPTZ, CS_K_TIME, {"\x00\x00\x00\x00\x00\x00\x00\x00", 8}, NULL},
    {OID_TIMESTAMPTZ, CS_K_OTHER, {"\x00\x00\x00\x00\x00\x00\x00\x00", 8}, NULL},
    {OID_NUMERIC, CS_K_REAL, {"\x00\x00\x00\x00\x00\x00\x00\x00", 8}, NULL},
    {OID_NUMERIC, CS_K_OTHER, {"\x00\x00\x00\x00\x00\x00\x00\x00", 8}, NULL},
    {0, CS_K_OTHER, {"\x00\x00\x00\x05", 4}, NULL},
};

static void test_readings(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(readings); i++) {
        cs_val_t cell = {.kind = CS_K_OTHER};
        bytes_t bytes = readings[i].bytes;
        int taken = cs_type_read(readings[i].oid, readings[i].kind, bytes.s, (apr_size_t)bytes.len, &cell);

        is(taken ? shown(pool, &cell) : NULL, readings[i].shown, "type %u as kind %d, %d bytes",
           (unsigned)readings[i].oid, (int)readings[i].kind, bytes.len);
        if (taken) {
            ok(cs_type_fits(readings[i].oid, readings[i].kind), "type %u fits kind %d",
               (unsigned)readings[i].oid, (int)readings[i].kind);
        }
    }
}

/* What is sent as a parameter of a kind can be read as that kind. */
static void test_parameters(apr_pool_t *pool)
{
    static const apr_int64_t numbers[] = {0, 1, -1, 2147483647, -2147483648LL};

    for (int kind = 0; kind < CS_K_OTHER; kind++) {
        apr_uint32_t oid = cs_type_of_parameter((cs_kind_t)kind);
        const char *wanted = cs_type_wanted((cs_kind_t)kind);
        cs_val_t cell = {.kind = CS_K_OTHER};
        bytes_t bytes = number(pool, 1, kind == CS_K_TEXT ? 3 : cs_type_size((cs_kind_t)kind));

        ok(cs_type_read(oid, CS_K_OTHER, bytes.s, (apr_size_t)bytes.len, &cell) && (int)cell.kind == kind,
           "kind %d: what is sent comes back as the same kind", kind);
        ok(wanted && *wanted, "kind %d: its types have names", kind);
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        for (int size = 4; size <= 8; size += 4) {
            bytes_t bytes = number(pool, numbers[i], size);

            is_int(cs_read_number(bytes.s, (apr_size_t)size), numbers[i], "a number in %d bytes", size);
        }
    }
}

/* ---------------- layouts */

static const cs_column_t person_columns[] = {
    {"id", CS_K_INT}, {"name", CS_K_TEXT}, {"born", CS_K_TIME}, {"retired", CS_K_BOOL}, {"weight", CS_K_REAL},
};
static const cs_shape_t person = {"person", person_columns, COUNT(person_columns)};

/* "person id 23": a row of what the database says of its tables. */
typedef struct described_t {
    const char *table, *column;
    Oid oid;
} described_t;

static const cs_rows_t *described_rows(apr_pool_t *pool, const described_t *columns, int count)
{
    static const Oid oids[] = {OID_TEXT, OID_INT8, OID_TEXT, OID_INT8, OID_INT8};
    static const cs_layouts_t none = {0};
    bytes_t *values = apr_palloc(pool, sizeof(*values) * 5 * (apr_size_t)count + 1);
    cs_rows_t *rows = NULL;

    for (int i = 0; i < count; i++) {
        values[5 * i] = (bytes_t){columns[i].table, (int)strlen(columns[i].table)};
        values[5 * i + 1] = number(pool, strcmp(columns[i].table, "person") == 0 ? OID_PERSON : 7, 8);
        values[5 * i + 2] = (bytes_t){columns[i].column, (int)strlen(columns[i].column)};
        values[5 * i + 3] = number(pool, columns[i].oid, 8);
        values[5 * i + 4] = number(pool, MARK, 8);
    }
    if (cs_rows_take(pool, result_of(pool, 5, oids, count, values), &none, count, &rows)) {
        printf("Bail out! the description of the tables cannot be read\n");
        exit(1);
    }
    return rows;
}

static const described_t usual[] = {
    {"contact", "id", OID_TEXT},     {"person", "born", OID_TIMESTAMP}, {"person", "note", OID_NUMERIC},
    {"person", "id", OID_INT4},      {"person", "name", OID_VARCHAR},   {"person", "weight", OID_FLOAT8},
    {"person", "retired", OID_BOOL}, {"contact", "born", OID_INT4},
};

static cs_layouts_t *layouts_of(apr_pool_t *pool)
{
    cs_layouts_t *layouts = apr_pcalloc(pool, sizeof(*layouts));
    cs_error_t *error =
        cs_layouts_make(pool, pool, &person, 1, described_rows(pool, usual, COUNT(usual)), layouts);

    if (error) {
        printf("Bail out! %s\n", error->detail);
        exit(1);
    }
    return layouts;
}

static void test_layouts(apr_pool_t *pool)
{
    static const int cells[] = {2, -1, 0, 1, 4, 3};
    const cs_layouts_t *layouts = layouts_of(pool);
    const cs_layout_t *layout = cs_layout_find(layouts, OID_PERSON);
    int wrong = 0;

    if (!ok(layout != NULL, "a table's records are found by their type")) {
        return;
    }
    is_int(layout->count, COUNT(cells), "a record has as many values as its table has columns");
    is_int(layout->cells, COUNT(person_columns), "and as many cells as are wanted");
    for (int i = 0; i < layout->count; i++) {
        wrong += layout->attributes[i].cell != cells[i];
    }
    is_int(wrong, 0, "each column goes to its cell by name; what is not wanted goes nowhere");
    ok(!cs_layout_find(layouts, OID_UNKNOWN_TABLE), "another type has no layout");
    ok(!cs_layout_find(layouts, OID_INT4), "nor has one that is no table's");
}

/* What is put in the place of one usual column. */
static const struct {
    int place; /* in `usual` */
    described_t instead;
    const char *detail; /* NULL: fine */
} changed[] = {
    {3, {"person", "id", OID_INT2}, NULL},
    {3, {"person", "id", OID_INT8}, NULL},
    {4, {"person", "name", OID_TEXT}, NULL},
    {4, {"person", "name", OID_BPCHAR}, NULL},
    {4, {"person", "name", OID_NAME}, NULL},
    {5, {"person", "weight", OID_FLOAT4}, NULL},
    {6, {"person", "retired", OID_INT2}, NULL},
    {6, {"person", "retired", OID_INT4}, NULL},
    {2, {"person", "note", OID_UNKNOWN_TABLE}, NULL},
    {3, {"person", "id", OID_TEXT}, "column person.id must be of type smallint, integer or bigint"},
    {3, {"person", "id", OID_NUMERIC}, "column person.id must be of type smallint, integer or bigint"},
    {4,
     {"person", "name", OID_INT4},
     "column person.name must be of type text, character varying or character"},
    {1,
     {"person", "born", OID_TIMESTAMPTZ},
     "column person.born must be of type timestamp without time zone"},
    {5, {"person", "weight", OID_NUMERIC}, "column person.weight must be of type double precision or real"},
    {6,
     {"person", "retired", OID_TEXT},
     "column person.retired must be of type boolean, or smallint or integer as 0 and 1"},
    {3, {"person", "ID", OID_INT4}, "table person lacks column id"},
    {3, {"person", "idx", OID_INT4}, "table person lacks column id"},
    {3, {"person", "i", OID_INT4}, "table person lacks column id"},
    {5, {"contact", "weight", OID_FLOAT8}, "table person lacks column weight"},
};

static void test_changed(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(changed); i++) {
        described_t columns[COUNT(usual)];
        cs_layouts_t layouts = {0};
        cs_error_t *error;

        memcpy(columns, usual, sizeof(columns));
        columns[changed[i].place] = changed[i].instead;
        error =
            cs_layouts_make(pool, pool, &person, 1, described_rows(pool, columns, COUNT(columns)), &layouts);
        is(error ? error->detail : NULL, changed[i].detail, "%s.%s of type %u", changed[i].instead.table,
           changed[i].instead.column, (unsigned)changed[i].instead.oid);
        ok(!error || (error->code == CS_E_DB_SCHEMA && !strstr(error->message, "person")),
           "%s.%s: the client is told no names", changed[i].instead.table, changed[i].instead.column);
    }
    is(code_of(cs_layouts_make(pool, pool, &person, 1, described_rows(pool, usual, 0), &(cs_layouts_t){0})),
       "db.schema", "a table that is not there lacks everything");
}

/* ---------------- records */

static const Oid person_oids[] = {OID_TIMESTAMP, OID_NUMERIC, OID_INT4, OID_VARCHAR, OID_FLOAT8, OID_BOOL};

static bytes_t a_person(apr_pool_t *pool)
{
    const bytes_t cells[] = {
        number(pool, 1000000, 8), RAW("any bytes"), number(pool, 5, 4), RAW("Kari"), NOTHING, RAW("\x01"),
    };

    return composite(pool, COUNT(cells), person_oids, cells);
}

/* A result of one value; NULL when it is refused. */
static const cs_record_t *taken(apr_pool_t *pool, Oid oid, bytes_t value)
{
    const cs_layouts_t *layouts = layouts_of(pool);
    cs_rows_t *rows = NULL;
    cs_error_t *error = cs_rows_take(pool, result_of(pool, 1, &oid, 1, &value), layouts, 1, &rows);

    if (error && error->code != CS_E_DB_LOST) {
        ok(0, "what cannot be read spoils the connection");
    }
    return error ? NULL : cs_rows_get(rows, 0);
}

static const char *record_shown(apr_pool_t *pool, const cs_record_t *record)
{
    const char *line = "";

    for (int i = 0; record && i < record->count; i++) {
        line = apr_pstrcat(pool, line, i ? ", " : "", shown(pool, &record->cells[i]), NULL);
    }
    return record ? line : NULL;
}

static void test_records(apr_pool_t *pool)
{
    static const Oid mixed[] = {OID_INT4, OID_TEXT, OID_BOOL};
    const bytes_t cells[] = {number(pool, 7, 4), NOTHING, RAW("\x00")};

    is(record_shown(pool, taken(pool, OID_PERSON, a_person(pool))),
       "int 5, text Kari, time 1000000, bool 1, nothing", "a table's record comes in the order of the cells");
    is(record_shown(pool, taken(pool, OID_PERSON, NOTHING)), "nothing, nothing, nothing, nothing, nothing",
       "a record that is not there has all its cells, unset");
    is(record_shown(pool, taken(pool, CS_OID_RECORD, composite(pool, COUNT(cells), mixed, cells))),
       "int 7, nothing, bool 0", "a ROW(...) comes as it stands");
    is(record_shown(pool, taken(pool, CS_OID_RECORD, number(pool, 0, 4))), "", "an empty ROW() has no cells");
    is(record_shown(pool, taken(pool, OID_INT4, number(pool, -3, 4))), "int -3", "a plain value is one cell");
    is(record_shown(pool, taken(pool, OID_INT4, NOTHING)), "nothing", "which may be unset");
    is(record_shown(pool, taken(pool, OID_TEXT, RAW(""))), "text ", "an empty text is set");
}

static void test_no_records(apr_pool_t *pool)
{
    static const Oid wrong_type[] = {OID_TIMESTAMP, OID_NUMERIC, OID_INT8, OID_VARCHAR, OID_FLOAT8, OID_BOOL};
    static const Oid unread_type[] = {OID_TIMESTAMP, OID_TEXT, OID_INT4, OID_VARCHAR, OID_FLOAT8, OID_BOOL};
    static const Oid one_unknown[] = {OID_NUMERIC};
    const bytes_t cells[] = {
        number(pool, 1000000, 8), RAW("any bytes"), number(pool, 5, 8), RAW("Kari"), NOTHING, RAW("\x01"),
    };
    const bytes_t short_id[] = {
        number(pool, 1000000, 8), RAW("any bytes"), number(pool, 5, 2), RAW("Kari"), NOTHING, RAW("\x01"),
    };
    const bytes_t right[] = {
        number(pool, 1000000, 8),
        RAW("any bytes"),
        number(pool, 5, 4),
        RAW("Kari"),
        NOTHING,
        RAW("\x01"),
        NOTHING,
    };
    static const Oid one_more[] = {OID_TIMESTAMP, OID_NUMERIC, OID_INT4, OID_VARCHAR,
                                   OID_FLOAT8,    OID_BOOL,    OID_INT4};
    const bytes_t one[] = {RAW("x")};
    const struct {
        const char *what;
        Oid oid;
        bytes_t value;
    } cases[] = {
        {"no bytes at all", OID_PERSON, RAW("")},
        {"less than a count", OID_PERSON, RAW("\x00\x00\x00")},
        {"a count alone", OID_PERSON, RAW("\x00\x00\x00\x06")},
        {"a negative count", OID_PERSON, RAW("\xFF\xFF\xFF\xFF")},
        {"a huge count", OID_PERSON,
         RAW("\x7F\xFF\xFF\xFF"
             "\x00\x00\x00\x17\x00\x00\x00\x00")},
        {"a huge count of a ROW", CS_OID_RECORD, RAW("\x7F\xFF\xFF\xFF")},
        {"a negative count of a ROW", CS_OID_RECORD, RAW("\x80\x00\x00\x00")},
        {"a value longer than the record", CS_OID_RECORD,
         RAW("\x00\x00\x00\x01\x00\x00\x00\x19\x00\x00\x00\x05"
             "abc")},
        {"a value of huge length", CS_OID_RECORD,
         RAW("\x00\x00\x00\x01\x00\x00\x00\x19\x7F\xFF\xFF\xFF"
             "abc")},
        {"fewer columns than the table had", OID_PERSON, composite(pool, 5, one_more, right)},
        {"more columns than the table had", OID_PERSON, composite(pool, 7, one_more, right)},
        {"a column of another type", OID_PERSON, composite(pool, 6, wrong_type, cells)},
        {"a column of another type that nobody reads", OID_PERSON, composite(pool, 6, unread_type, right)},
        {"an integer of two bytes", OID_PERSON, composite(pool, 6, person_oids, short_id)},
        {"a ROW with a type that is not known", CS_OID_RECORD, composite(pool, 1, one_unknown, one)},
        {"a ROW that is NULL", CS_OID_RECORD, NOTHING},
        {"a record of a table that is not known", OID_UNKNOWN_TABLE, a_person(pool)},
        {"a plain value of a type that is not known", OID_NUMERIC, RAW("\x00\x00\x00\x00\x00\x00\x00\x00")},
        {"a plain integer of three bytes", OID_INT4, RAW("\x00\x00\x05")},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        is(record_shown(pool, taken(pool, cases[i].oid, cases[i].value)), NULL, "%s is refused",
           cases[i].what);
    }
}

static void test_cut(apr_pool_t *pool)
{
    bytes_t whole = a_person(pool);
    apr_pool_t *scratch = NULL;
    int accepted = 0;

    apr_pool_create(&scratch, pool);
    for (int len = 0; len < whole.len; len++) {
        accepted += taken(scratch, OID_PERSON, (bytes_t){whole.s, len}) != NULL;
        apr_pool_clear(scratch);
    }
    is_int(accepted, 0, "of the beginnings of a record none is one");
    /* Each byte changed to each of a few values: any answer is right, as long as there is one. */
    for (int i = 0; i < whole.len * 4; i++) {
        char *bytes = apr_pmemdup(scratch, whole.s, (apr_size_t)whole.len);

        bytes[i / 4] = "\x00\x01\x7F\xFF"[i % 4];
        record_shown(scratch, taken(scratch, OID_PERSON, (bytes_t){bytes, whole.len}));
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}

/* ---------------- rows */

static void test_rows(apr_pool_t *pool)
{
    static const Oid oids[] = {OID_INT4, OID_TEXT};
    const bytes_t values[] = {number(pool, 1, 4), RAW("one"), number(pool, 2, 4),
                              RAW("two"),         NOTHING,    NOTHING};
    const cs_layouts_t none = {0};
    cs_rows_t *rows = NULL;

    is(code_of(cs_rows_take(pool, result_of(pool, 2, oids, 3, values), &none, 100, &rows)), "",
       "rows are taken");
    is_int(cs_rows_count(rows), 3, "all of them");
    is(shown(pool, &cs_rows_get(rows, 1)[1].cells[0]), "text two", "each column is a record");
    is_int(cs_rows_number(rows, 9), 1, "the first number is the first row's");
    is(code_of(cs_rows_take(pool, result_of(pool, 2, oids, 3, values), &none, 2, &rows)), "",
       "fewer are taken");
    is_int(cs_rows_count(rows), 2, "when no more are wanted");
    is(code_of(cs_rows_take(pool, result_of(pool, 2, oids, 1, values + 4), &none, 100, &rows)), "",
       "NULLs are taken");
    is_int(cs_rows_number(rows, 9), 9, "there is no number in NULL");
    is(code_of(cs_rows_take(pool, result_of(pool, 2, oids, 0, values), &none, 100, &rows)), "",
       "no rows are taken");
    is_int(cs_rows_count(rows), 0, "none of them");
    is_int(cs_rows_number(rows, 9), 9, "there is no number in no row");
}

static void test_expected(apr_pool_t *pool)
{
    static const Oid fine[] = {OID_INT4, OID_PERSON, CS_OID_RECORD, OID_VARCHAR};
    static const Oid foreign[] = {OID_INT4, OID_UNKNOWN_TABLE};
    static const Oid unread[] = {OID_NUMERIC};
    const cs_layouts_t *layouts = layouts_of(pool);

    ok(cs_rows_expected(result_of(pool, COUNT(fine), fine, 0, NULL), layouts), "known types can be expected");
    ok(cs_rows_expected(result_of(pool, 0, fine, 0, NULL), layouts), "so can no column at all");
    ok(!cs_rows_expected(result_of(pool, COUNT(foreign), foreign, 0, NULL), layouts),
       "a table that is not known cannot");
    ok(!cs_rows_expected(result_of(pool, COUNT(unread), unread, 0, NULL), layouts),
       "nor can a type that is not read");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_readings(pool);
    test_parameters(pool);
    test_layouts(pool);
    test_changed(pool);
    test_records(pool);
    test_no_records(pool);
    test_cut(pool);
    test_rows(pool);
    test_expected(pool);
    return done();
}
