/* model/entity.h -- what the API's entities are made of: a row per property.
 *
 * One row serves reading and writing documents, checking, the columns of a statement, $select and
 * FieldProperties. The order of the rows is the order of an answer and of a statement's columns. */
#ifndef CS_MODEL_ENTITY_H
#define CS_MODEL_ENTITY_H

#include "base/val.h"

#include <apr_pools.h>
#include <apr_tables.h>

typedef enum cs_type_t {
    CS_T_INT,   /* 32 bits */
    CS_T_SHORT, /* 16 bits; the same on the wire */
    CS_T_BOOL,
    CS_T_REAL,
    CS_T_STRING,
    CS_T_TIME,
    CS_T_SPAN,       /* a time of day */
    CS_T_ENUM,       /* one member's name */
    CS_T_FLAGS,      /* names joined by comma and blank */
    CS_T_REFERENCE,  /* another record, by its key in `column` */
    CS_T_EMBEDDED,   /* a part of the same record; `column` is the prefix of its columns, or ""; with
                        CS_F_WRITE those of its properties that have it too are stored */
    CS_T_LINES,      /* LocalizedAddress */
    CS_T_MAP,        /* a dictionary that is always empty */
    CS_T_NONE,       /* always null */
    CS_T_NUMBERS,    /* integers: a text with commas between them */
    CS_T_ITEMS,      /* the records below it (model/map.h) */
    CS_T_RIGHT,      /* TableRight */
    CS_T_PROPERTIES, /* FieldProperties */
    CS_T_LINKS,      /* _Links */
    CS_T_COUNT
} cs_type_t;

/* One member of an enumeration: what the database holds and what the API says. */
typedef struct cs_word_t {
    int value;
    const char *name;
} cs_word_t;

typedef struct cs_enum_t {
    const char *name;       /* in SuperOffice.Data */
    const cs_word_t *words; /* ends with a NULL name */
    const char *fallback;   /* for stored values without a row; NULL: the number itself */
} cs_enum_t;

enum {
    CS_F_KEY = 1,      /* the record's identity: given by the server */
    CS_F_WRITE = 2,    /* a client's value is stored */
    CS_F_SECRET = 4,   /* never in a log, a filter or an order */
    CS_F_COMPUTED = 8, /* has no length of its own in FieldProperties */
    CS_F_UTC = 16,     /* a time that is stored as UTC, whatever the base zone */
    CS_F_NEEDED = 64,  /* must be said: a parameter of the RPC style */
};

struct cs_entity_t;

typedef struct cs_field_t {
    const char *name;
    apr_size_t name_len;
    const char *column; /* SQL name in the entity's table; NULL: not stored */
    cs_type_t type;
    int flags;
    int max;                /* characters, of a string */
    int again;              /* of a string without a column: it shows the cell so many cells back once more */
    int unset;              /* what NULL reads as and an absent value is stored as; in a reference: stored
                               for "none", 0 for NULL */
    const cs_enum_t *words; /* of CS_T_ENUM and CS_T_FLAGS */
    const struct cs_entity_t *entity; /* of CS_T_REFERENCE and CS_T_EMBEDDED */
} cs_field_t;

/* Which constant parts belong to the carrier; also the index of its prepared texts (model/rights.h). */
typedef enum cs_carrier_t {
    CS_CARRIER_SESSION,
    CS_CARRIER_ASSOCIATE,
    CS_CARRIER_PERSON,
    CS_CARRIER_CONTACT,
    CS_CARRIER_ADDRESS,
    CS_CARRIER_PROJECT,
    CS_CARRIER_SALE,
    CS_CARRIER_TICKET,
    CS_CARRIER_TOPIC,
    CS_CARRIER_PRESENCE,
    CS_CARRIER_COUNT,
    CS_CARRIER_PLAIN = CS_CARRIER_COUNT /* has neither TableRight nor FieldProperties */
} cs_carrier_t;

typedef struct cs_entity_t {
    const char *name;  /* "ChatSessionEntity" */
    const char *label; /* in messages: "ChatSession" */
    const char *table; /* NULL: embedded in another's */
    cs_carrier_t carrier;
    const cs_field_t *fields;
    int count;
} cs_entity_t;

extern const cs_entity_t cs_session_entity;   /* model/session.c */
extern const cs_entity_t cs_message_entity;   /* model/message.c */
extern const cs_entity_t cs_topic_reference;  /* model/session.c: the key alone */
extern const cs_entity_t cs_associate_entity; /* model/associate.c */
extern const cs_entity_t cs_person_entity;    /* model/person.c */
extern const cs_entity_t cs_contact_entity;   /* model/contact.c */
extern const cs_entity_t cs_project_entity;   /* model/project.c */
extern const cs_entity_t cs_sale_entity;      /* model/sale.c */
extern const cs_entity_t cs_ticket_entity;    /* model/ticket.c */

extern const cs_entity_t cs_topic_entity;       /* model/topic.c */
extern const cs_entity_t cs_hours_entity;       /* model/topic.c: embedded in it */
extern const cs_entity_t cs_topic_agent_entity; /* model/agent.c */
extern const cs_entity_t cs_list_item_entity;   /* model/agent.c */
extern const cs_entity_t cs_presence_entity;    /* model/agent.c */

extern const cs_entity_t cs_language_entity; /* model/topic_lists.c, like the following */
extern const cs_entity_t cs_reply_template_entity;
extern const cs_entity_t cs_ticket_category_entity;
extern const cs_entity_t cs_ticket_priority_entity;
extern const cs_entity_t cs_kb_category_entity;
extern const cs_entity_t cs_time_zone_entity;

extern const cs_enum_t cs_session_status; /* model/session.c */
extern const cs_enum_t cs_user_type;      /* model/associate.c */

/* The key's row; never NULL for an entity with a table. */
const cs_field_t *cs_entity_key(const cs_entity_t *entity);

/* The property of that name without regard to case, or NULL. */
const cs_field_t *cs_entity_find(const cs_entity_t *entity, const char *name, apr_size_t len);

/* How many cells a record of this entity has: its columns and those of what is embedded. */
int cs_entity_cells(const cs_entity_t *entity);

/* The column of each cell, in the pool: what a record of this entity is read from. */
const cs_column_t *cs_entity_columns(apr_pool_t *pool, const cs_entity_t *entity);

/* How many other records it refers to with a carrier of their own, also in what is embedded. */
int cs_entity_references(const cs_entity_t *entity);

/* A property that has a column, wherever in the entity it stands. */
typedef struct cs_leaf_t {
    const cs_field_t *field;
    const char *column; /* with the prefix of what it is embedded in */
    const char *path;   /* "OpeningHours/TzLocation" */
    int writable;       /* it is stored, and a value goes with a statement that saves the entity */
} cs_leaf_t;

/* All of them, in the order of the cells; embedded ones in their place.  For what is made once per process.
 */
const apr_array_header_t *cs_entity_leaves(apr_pool_t *pool, const cs_entity_t *entity);

/* The name of a value, or NULL when it has none. */
const char *cs_enum_name(const cs_enum_t *words, apr_int64_t value);

/* ---------------- for the tables themselves */

#define CS_FIELD(property, sql, kind, ...)                                                                  \
    {                                                                                                       \
        .name = property, .name_len = sizeof(property) - 1, .column = sql, .type = CS_T_##kind, __VA_ARGS__ \
    }
#define CS_ENTITY(rows) .fields = (rows), .count = (int)(sizeof(rows) / sizeof((rows)[0]))

/* The rows that every carrier but the plain ones ends in. */
#define CS_TAIL CS_FIELD("TableRight", NULL, RIGHT, 0), CS_FIELD("FieldProperties", NULL, PROPERTIES, 0)

#endif
