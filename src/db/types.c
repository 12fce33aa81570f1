#include "db/types.h"

/* A type and a kind that it is read as; the first row of a type is what it is by itself. */
struct cs_reading_t {
    apr_uint32_t oid;
    cs_kind_t kind;
    apr_size_t size; /* bytes; 0: any number */
    void (*read)(const char *bytes, apr_size_t len, cs_val_t *cell);
};

apr_int64_t cs_read_number(const char *bytes, apr_size_t count)
{
    apr_uint64_t number = (unsigned char)bytes[0] & 0x80 ? ~(apr_uint64_t)0 : 0;

    for (apr_size_t i = 0; i < count; i++) {
        number = number << 8 | (unsigned char)bytes[i];
    }
    return (apr_int64_t)number;
}

void cs_write_number(char *out, apr_int64_t number, int count)
{
    apr_uint64_t bits = (apr_uint64_t)number;

    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)(bits & 0xFF);
        bits >>= 8;
    }
}

static void read_number(const char *bytes, apr_size_t len, cs_val_t *cell)
{
    cell->u.i = cs_read_number(bytes, len);
}

static void read_int32(const char *bytes, apr_size_t len, cs_val_t *cell)
{
    (void)len;
    cell->u.i = cs_read_int32(bytes);
}

static void read_int64(const char *bytes, apr_size_t len, cs_val_t *cell)
{
    (void)len;
    cell->u.i = cs_read_int64(bytes);
}

static void read_bool(const char *bytes, apr_size_t len, cs_val_t *cell)
{
    cell->u.i = cs_read_number(bytes, len) != 0;
}

static void read_real(const char *bytes, apr_size_t len, cs_val_t *cell)
{
    apr_int64_t bits = cs_read_number(bytes, len);

    memcpy(&cell->u.d, &bits, sizeof(bits));
}

static void read_float(const char *bytes, apr_size_t len, cs_val_t *cell)
{
    apr_int32_t bits = (apr_int32_t)cs_read_number(bytes, len);
    float single;

    memcpy(&single, &bits, sizeof(bits));
    cell->u.d = (double)single;
}

static void read_text(const char *bytes, apr_size_t len, cs_val_t *cell)
{
    cell->u.s = bytes;
    cell->len = len;
}

static const cs_reading_t readings[] = {
    {23, CS_K_INT, 4, read_int32},    /* integer */
    {1043, CS_K_TEXT, 0, read_text},   /* character varying */
    {25, CS_K_TEXT, 0, read_text},     /* text */
    {1114, CS_K_TIME, 8, read_int64}, /* timestamp */
    {16, CS_K_BOOL, 1, read_bool},     /* boolean */
    {1083, CS_K_SPAN, 8, read_number}, /* time */
    {21, CS_K_INT, 2, read_number},    /* smallint */
    {701, CS_K_REAL, 8, read_real},    /* double precision */
    {20, CS_K_INT, 8, read_int64},    /* bigint */
    {700, CS_K_REAL, 4, read_float},   /* real */
    {1042, CS_K_TEXT, 0, read_text},   /* character */
    {19, CS_K_TEXT, 0, read_text},     /* name */
    {23, CS_K_BOOL, 4, read_bool},     {21, CS_K_BOOL, 2, read_bool},
};
#define READINGS (sizeof(readings) / sizeof(readings[0]))

const cs_reading_t *cs_type_reading(apr_uint32_t oid, cs_kind_t kind)
{
    for (apr_size_t i = 0; i < READINGS; i++) {
        if (readings[i].oid == oid && (kind == CS_K_OTHER || readings[i].kind == kind)) {
            return &readings[i];
        }
    }
    return NULL;
}

int cs_type_fits(apr_uint32_t oid, cs_kind_t kind)
{
    return cs_type_reading(oid, kind) != NULL;
}

const char *cs_type_wanted(cs_kind_t kind)
{
    static const char *const names[CS_K_COUNT] = {
        [CS_K_INT] = "smallint, integer or bigint",
        [CS_K_BOOL] = "boolean, or smallint or integer as 0 and 1",
        [CS_K_REAL] = "double precision or real",
        [CS_K_TEXT] = "text, character varying or character",
        [CS_K_TIME] = "timestamp without time zone",
        [CS_K_SPAN] = "time without time zone",
        [CS_K_OTHER] = "any",
    };

    return names[kind];
}

int cs_type_read(apr_uint32_t oid, cs_kind_t kind, const char *bytes, apr_size_t len, cs_val_t *cell)
{
    const cs_reading_t *reading = cs_type_reading(oid, kind);

    return reading && cs_type_read_as(reading, bytes, len, cell);
}

int cs_type_read_as(const cs_reading_t *reading, const char *bytes, apr_size_t len, cs_val_t *cell)
{
    if (reading->size && reading->size != len) {
        return 0;
    }
    cell->kind = reading->kind;
    cell->set = 1;
    reading->read(bytes, len, cell);
    return 1;
}

static const struct {
    apr_uint32_t oid, array;
    int size;
} parameters[CS_K_COUNT] = {
    [CS_K_INT] = {23, 1007, 4},    [CS_K_BOOL] = {16, 1000, 1},   [CS_K_REAL] = {701, 1022, 8},
    [CS_K_TEXT] = {25, 1009, 0},   [CS_K_TIME] = {1114, 1115, 8}, [CS_K_SPAN] = {1083, 1183, 8},
};

apr_uint32_t cs_type_of_parameter(cs_kind_t kind)
{
    return parameters[kind].oid;
}

apr_uint32_t cs_type_of_array(cs_kind_t kind)
{
    return parameters[kind].array;
}

int cs_type_size(cs_kind_t kind)
{
    return parameters[kind].size;
}
