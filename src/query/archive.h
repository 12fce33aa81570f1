/* query/archive.h -- the columns of the list of chat sessions: a row each.
 *
 * One row serves $select, $filter and $orderBy.  The SQL in a row is all that ever stands in a statement
 * beside what query/emit.c writes itself: "@" in it is the record that the column's family shows, "#" the one
 * behind it.  A record is joined when the SQL of a column that is asked for names it. */
#ifndef CS_QUERY_ARCHIVE_H
#define CS_QUERY_ARCHIVE_H

#include "base/val.h"
#include "model/entity.h"

/* How a column can be filtered: its restriction type. */
typedef enum cs_by_t {
    CS_BY_NOTHING,
    CS_BY_SWITCH, /* no column at all: all rows, or none */
    CS_BY_BOOL,
    CS_BY_INT,
    CS_BY_DECIMAL,
    CS_BY_SPAN, /* seconds */
    CS_BY_STRING,
    CS_BY_POSITIVE,      /* a text without negative operators */
    CS_BY_STRING_OR_KEY, /* a text that also matches its record's number */
    CS_BY_LIST,
    CS_BY_USER,
    CS_BY_GROUP,
    CS_BY_ASSOCIATE,
    CS_BY_DATE,
    CS_BY_DATETIME,
    CS_BY_COUNT
} cs_by_t;

typedef struct cs_archive_column_t {
    const char *name; /* behind the family's prefix */
    cs_by_t by;
    int sortable;
    cs_kind_t kind;    /* of `sql` */
    const char *sql;   /* what is filtered by; NULL in it only where a joined record or a span is missing */
    const char *shown; /* a text that is shown and sorted by instead; NULL: none */
    const char *key;   /* of CS_BY_STRING_OR_KEY: the number */
    const char *parts; /* true of every row, said with a search: which of them an index has, or the others;
                          NULL: none */
    const cs_enum_t *words; /* names of the numbers, to filter by and to show; NULL: none */
} cs_archive_column_t;

/* Records that can stand beside the session; joined in this order. */
typedef enum cs_join_t {
    CS_JOIN_SESSION, /* always there */
    CS_JOIN_TOPIC,
    CS_JOIN_AGENT,
    CS_JOIN_AGENT_PERSON,
    CS_JOIN_PERSON,
    CS_JOIN_PERSON_USER,
    CS_JOIN_PERSON_OWNER,
    CS_JOIN_PERSON_OWNER_PERSON,
    CS_JOIN_CONTACT,
    CS_JOIN_CONTACT_OWNER,
    CS_JOIN_CONTACT_OWNER_PERSON,
    CS_JOIN_COUNT
} cs_join_t;

typedef struct cs_archive_join_t {
    const char *alias;
    const char *table;
    const char *on;
    cs_join_t needs; /* joined before it */
    int noting;      /* the table's changes are noted: sql/schema/020-reference-changes.sql */
} cs_archive_join_t;

extern const cs_archive_join_t cs_archive_joins[CS_JOIN_COUNT];

/* Columns that share a prefix; several families may share their rows. */
typedef struct cs_archive_family_t {
    const char *prefix; /* "person/" */
    cs_join_t record, behind;
    const cs_archive_column_t *columns; /* ends with a NULL name */
} cs_archive_family_t;

/* A column found: its row, and the family that it was found in. */
typedef struct cs_listed_t {
    const cs_archive_column_t *column;
    const cs_archive_family_t *family;
} cs_listed_t;

extern const cs_archive_column_t cs_session_columns[];   /* query/archive_session.c */
extern const cs_archive_column_t cs_topic_columns[];     /* the same */
extern const cs_archive_column_t cs_associate_columns[]; /* query/archive_associate.c */
extern const cs_archive_column_t cs_person_columns[];    /* query/archive_person.c */
extern const cs_archive_column_t cs_contact_columns[];   /* query/archive_contact.c */

enum { CS_SESSION_KEY = 2 }; /* the row of cs_session_columns that is the session's number */

/* By its whole name, without regard to case: 1, or 0 when there is none. */
int cs_archive_find(const char *name, apr_size_t len, cs_listed_t *listed_out);

/* The family of that number, or NULL behind the last; the session's own is the first. */
const cs_archive_family_t *cs_archive_family(int number);

/* The session's number, which every order ends in. */
cs_listed_t cs_archive_key(void);

/* "a date and time", for messages. */
const char *cs_by_name(cs_by_t by);

/* Whether it is SQL's NULL where a joined record is missing or a time is not set. */
int cs_archive_nullable(const cs_listed_t *listed);

/* ---------------- for the tables themselves */

#define CS_LISTED(title, restriction, order, type, ...)                                                      \
    {                                                                                                        \
        .name = title, .by = CS_BY_##restriction, .sortable = order, .kind = CS_K_##type, .sql = __VA_ARGS__ \
    }
#define CS_SORTED   1
#define CS_UNSORTED 0

#endif
