/* db/types.h -- PostgreSQL's types in their binary form, and the kinds of values they are read as; seen by
 * db/ alone. */
#ifndef CS_DB_TYPES_H
#define CS_DB_TYPES_H

#include "base/val.h"

#include <arpa/inet.h>
#include <string.h>

enum { CS_OID_BIGINT = 20, CS_OID_RECORD = 2249 };

/* The type that a parameter of that kind is sent as, and its size in bytes (0: any). */
apr_uint32_t cs_type_of_parameter(cs_kind_t kind);
apr_uint32_t cs_type_of_array(cs_kind_t kind); /* of such */
int cs_type_size(cs_kind_t kind);

/* Whether a value of that type can be read as that kind. */
int cs_type_fits(apr_uint32_t oid, cs_kind_t kind);

/* How; NULL where it cannot be. */
typedef struct cs_reading_t cs_reading_t;
const cs_reading_t *cs_type_reading(apr_uint32_t oid, cs_kind_t kind);

/* Reads a value so; 1, or 0 when it cannot be. */
int cs_type_read_as(const cs_reading_t *reading, const char *bytes, apr_size_t len, cs_val_t *cell);

/* The types that can, for messages. */
const char *cs_type_wanted(cs_kind_t kind);

/* Reads a value as the kind, or with CS_K_OTHER as what the type is; 1, or 0 when it cannot be. */
int cs_type_read(apr_uint32_t oid, cs_kind_t kind, const char *bytes, apr_size_t len, cs_val_t *cell);

static inline apr_int32_t cs_read_int32(const char *bytes)
{
    apr_uint32_t number;

    memcpy(&number, bytes, sizeof(number));
    return (apr_int32_t)ntohl(number);
}

static inline apr_int64_t cs_read_int64(const char *bytes)
{
    return (apr_int64_t)((apr_uint64_t)(apr_uint32_t)cs_read_int32(bytes) << 32 |
                         (apr_uint32_t)cs_read_int32(bytes + 4));
}

apr_int64_t cs_read_number(const char *bytes, apr_size_t count);
void cs_write_number(char *out, apr_int64_t number, int count);

#endif
