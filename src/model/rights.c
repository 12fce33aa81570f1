#include "model/rights.h"

#include <apr_strings.h>

#define PARTS_CEILING (64 * 1024) /* bytes of one carrier's FieldProperties; the longest has 9 KB */

/* Masks as the API prints them. */
static const struct {
    const char *table;
    const char *writable; /* of a property that a client may set */
} masks[CS_RIGHT_COUNT] = {
    [CS_RIGHT_FULL] = {"Select, Update, Insert, Delete", "Update"},
    [CS_RIGHT_SAVE] = {"Select, Update, Insert", "Update"},
    [CS_RIGHT_READ] = {"Select", "Read"},
    [CS_RIGHT_CHANGE] = {"Select, Update", "Update"},
};

/* FieldType and FieldLength by type; "%s" is the name of the enumeration or carrier.  length -1: the row's
 * own. */
static const struct {
    const char *type;
    int length;
} net_types[CS_T_COUNT] = {
    [CS_T_INT] = {"System.Int32", 4},
    [CS_T_SHORT] = {"System.Int16", 2},
    [CS_T_BOOL] = {"System.Boolean", 2},
    [CS_T_REAL] = {"System.Double", 8},
    [CS_T_STRING] = {"System.String", -1},
    [CS_T_TIME] = {"System.DateTime", 16},
    [CS_T_ENUM] = {"SuperOffice.Data.%s", 2},
    [CS_T_FLAGS] = {"SuperOffice.Data.%s", 2},
    [CS_T_REFERENCE] = {"SuperOffice.CRM.Services.%s", 4},
    [CS_T_EMBEDDED] = {"SuperOffice.CRM.Services.%s", 4},
    [CS_T_LINES] = {"SuperOffice.CRM.Services.LocalizedField[][]", 0},
    [CS_T_MAP] = {"", 0},
    [CS_T_SPAN] = {"System.TimeSpan", 2},
    [CS_T_NUMBERS] = {"System.Int32[]", 0},
};

static const cs_entity_t *find_embedded(const cs_entity_t *entity, cs_carrier_t carrier)
{
    for (int i = 0; i < entity->count; i++) {
        if (entity->fields[i].type == CS_T_EMBEDDED && entity->fields[i].entity->carrier == carrier) {
            return entity->fields[i].entity;
        }
    }
    return NULL;
}

/* The entity of each carrier; those without one have empty FieldProperties, as a nested Associate's are. */
static const cs_entity_t *const described[CS_CARRIER_COUNT] = {
    [CS_CARRIER_SESSION] = &cs_session_entity, [CS_CARRIER_PERSON] = &cs_person_entity,
    [CS_CARRIER_CONTACT] = &cs_contact_entity, [CS_CARRIER_PROJECT] = &cs_project_entity,
    [CS_CARRIER_SALE] = &cs_sale_entity,       [CS_CARRIER_TICKET] = &cs_ticket_entity,
    [CS_CARRIER_TOPIC] = &cs_topic_entity,     [CS_CARRIER_PRESENCE] = &cs_presence_entity,
};

static const cs_entity_t *described_entity(cs_carrier_t carrier)
{
    return carrier == CS_CARRIER_ADDRESS ? find_embedded(&cs_contact_entity, carrier) : described[carrier];
}

/* Those that are answered by themselves; the others only as a part of another. */
static int stands_alone(int carrier)
{
    return carrier == CS_CARRIER_SESSION || carrier == CS_CARRIER_TOPIC || carrier == CS_CARRIER_PRESENCE;
}

#define WRITE_NAME(w, literal) (w)->ops->property((w), literal, sizeof(literal) - 1)

static void write_text(cs_writer_t *w, const char *text)
{
    w->ops->text(w, text, strlen(text));
}

static void write_right(cs_writer_t *w, const char *type, const char *mask)
{
    w->ops->open(w, type);
    WRITE_NAME(w, "Mask");
    w->ops->flags(w, mask, strlen(mask));
    WRITE_NAME(w, "Reason");
    write_text(w, "");
    w->ops->close(w);
}

static void write_property(cs_writer_t *w, const cs_field_t *field, const char *name, cs_right_t right)
{
    const char *inner = field->words ? field->words->name : field->entity ? field->entity->name : "";
    int length = net_types[field->type].length;
    char type[80];

    /* The format comes from the table above and takes at most one string. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    apr_snprintf(type, sizeof(type), net_types[field->type].type, inner);
#pragma GCC diagnostic pop
    w->ops->property(w, name, strlen(name));
    w->ops->open(w, "FieldProperty");
    WRITE_NAME(w, "FieldRight");
    write_right(w, "FieldRight", field->flags & CS_F_WRITE ? masks[right].writable : "Read");
    WRITE_NAME(w, "FieldType");
    write_text(w, type);
    WRITE_NAME(w, "FieldLength");
    w->ops->integer(w, field->flags & CS_F_COMPUTED ? 0 : length >= 0 ? length : field->max);
    w->ops->close(w);
}

/* What can be set in an embedded part has its own entry, by the names with a dot between. */
static void write_entity(cs_writer_t *w, const cs_entity_t *entity, const char *prefix, cs_right_t right)
{
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];
        const char *name = apr_pstrcat(w->buf->pool, prefix, field->name, NULL);

        if (net_types[field->type].type) {
            write_property(w, field, name, right);
        }
        if (field->type == CS_T_EMBEDDED && field->flags & CS_F_WRITE) {
            write_entity(w, field->entity, apr_pstrcat(w->buf->pool, name, ".", NULL), right);
        }
    }
}

static void write_properties(cs_writer_t *w, const cs_entity_t *entity, cs_right_t right)
{
    w->ops->map_open(w, "FieldPropertyDictionary");
    if (entity) {
        write_entity(w, entity, "", right);
    }
    w->ops->map_close(w);
}

static cs_part_t finish(cs_writer_t *w, apr_pool_t *pool)
{
    cs_part_t part = {cs_buf_text(w->buf, pool), w->buf->length};

    return part;
}

void cs_rights_prepare(apr_pool_t *pool, cs_properties_t wanted, const cs_writer_ops_t *format,
                       cs_parts_t *parts_out)
{
    for (int right = 0; right < CS_RIGHT_COUNT; right++) {
        cs_writer_t table = {.ops = format, .buf = cs_buf_make(pool, PARTS_CEILING)};

        write_right(&table, "TableRight", masks[right].table);
        parts_out->table_right[right] = finish(&table, pool);
        for (int carrier = 0; carrier < CS_CARRIER_COUNT; carrier++) {
            cs_writer_t w = {.ops = format, .buf = cs_buf_make(pool, PARTS_CEILING)};
            int shown =
                wanted == CS_PROPERTIES_FULL || (wanted == CS_PROPERTIES_OWN && stands_alone(carrier));

            write_properties(&w, shown ? described_entity((cs_carrier_t)carrier) : NULL, (cs_right_t)right);
            parts_out->properties[right][carrier] = finish(&w, pool);
        }
    }
}
