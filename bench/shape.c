/* bench/shape.c -- what the peers need to give our answers: SQL, how its columns become JSON, what they
 * write.
 *
 *      bench/shape URL
 *
 * Out of the entities' rows, as one JSON object: "get", "post" and "put", each a row of plain columns;
 * "nodes", the answer as literals and columns, of which bench.py makes a function in each peer's language;
 * "columns" (property, type, key, default and words of each writable one); "session_get" (the module's own
 * statement). */
#include "base/buf.h"
#include "db/stmt.h"
#include "doc/writer.h"
#include "model/access.h"
#include "model/entity.h"
#include "model/rights.h"
#include "query/template.h"
#include "wire/json_write.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

typedef struct shape_t {
    apr_pool_t *pool;
    const cs_parts_t *parts;
    const char *url;
    cs_writer_t *w;     /* takes the nodes */
    const char *select; /* the columns so far */
    int columns;
} shape_t;

/* Of what stands in one record. */
typedef struct place_t {
    const cs_entity_t *entity;
    const char *alias, *prefix;
    int id; /* the column that holds it */
    cs_right_t right;
} place_t;

static void put_fields(shape_t *shape, const place_t *place);

/* ---------------- nodes of the answer's tree */

static void put_text(cs_writer_t *w, const char *name, const char *given)
{
    w->ops->name(w, name, strlen(name));
    w->ops->text(w, given, strlen(given));
}

static void put_number(cs_writer_t *w, const char *name, int given)
{
    w->ops->name(w, name, strlen(name));
    w->ops->integer(w, given);
}

static void open_node(const shape_t *shape, const char *type)
{
    shape->w->ops->open(shape->w, "");
    put_text(shape->w, "t", type);
}

static void put_literal(const shape_t *shape, const char *text)
{
    open_node(shape, "lit");
    put_text(shape->w, "v", text);
    shape->w->ops->close(shape->w);
}

static void open_nodes(const shape_t *shape, const char *type, int column)
{
    open_node(shape, type);
    put_number(shape->w, "i", column);
    shape->w->ops->name(shape->w, "n", 1);
    shape->w->ops->array_open(shape->w, "");
}

static void close_nodes(const shape_t *shape)
{
    shape->w->ops->array_close(shape->w);
    shape->w->ops->close(shape->w);
}

static void put_cell(const shape_t *shape, const char *type, int column, const cs_field_t *field)
{
    open_node(shape, type);
    put_number(shape->w, "i", column);
    put_number(shape->w, "u", field->unset);
    shape->w->ops->close(shape->w);
}

static void put_words(cs_writer_t *w, const cs_enum_t *words)
{
    w->ops->name(w, "words", 5);
    w->ops->map_open(w, "");
    for (const cs_word_t *word = words ? words->words : NULL; word && word->name; word++) {
        w->ops->name(w, word->name, strlen(word->name));
        w->ops->integer(w, word->value);
    }
    w->ops->map_close(w);
}

static int add_column(shape_t *shape, const place_t *place, const char *name, const char *cast)
{
    shape->select = apr_psprintf(shape->pool, "%s%s%s.%s%s%s", shape->select, shape->columns ? ", " : "",
                                 place->alias, place->prefix, name, cast);
    return shape->columns++;
}

/* ---------------- fields */

static void put_enum(shape_t *shape, const place_t *place, const cs_field_t *field)
{
    if (!field->column) {
        put_literal(shape,
                    apr_pstrcat(shape->pool, "\"", cs_enum_name(field->words, field->unset), "\"", NULL));
        return;
    }
    open_node(shape, "enum");
    put_number(shape->w, "i", add_column(shape, place, field->column, ""));
    put_number(shape->w, "u", field->unset);
    put_text(shape->w, "f", field->words->fallback ? field->words->fallback : "");
    put_words(shape->w, field->words);
    shape->w->ops->close(shape->w);
}

/* The continental layout, which all contacts of the benchmark have. */
static void put_lines(shape_t *shape, const place_t *place)
{
    static const struct {
        const char *before, *column, *after;
    } cells[] = {
        {"[[{\"Name\":\"StreetAddress1\"", "street_address1",
         "[SR_AL_STREET]\",\"ValueLength\":80,\"AddressType\":\"Street"},
        {"],[{\"Name\":\"StreetZipcode\"", "street_zipcode",
         "[SR_AL_POSTCODECITY]\",\"ValueLength\":9,\"AddressType\":\"Street"},
        {",{\"Name\":\"StreetCity\"", "street_city", "\",\"ValueLength\":30,\"AddressType\":\"Street"},
        {"],[{\"Name\":\"PostalAddress1\"", "postal_address1",
         "[SR_AL_POBOX]\",\"ValueLength\":80,\"AddressType\":\"Postal"},
        {"],[{\"Name\":\"PostalZipcode\"", "postal_zipcode",
         "[SR_AL_POSTCODECITY]\",\"ValueLength\":9,\"AddressType\":\"Postal"},
        {",{\"Name\":\"PostalCity\"", "postal_city", "\",\"ValueLength\":30,\"AddressType\":\"Postal"},
    };

    open_nodes(shape, "some", add_column(shape, place, "address_layout", ""));
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        put_literal(shape, apr_pstrcat(shape->pool, cells[i].before, ",\"Value\":", NULL));
        put_cell(shape, "str", add_column(shape, place, cells[i].column, ""), place->entity->fields);
        put_literal(shape, apr_pstrcat(shape->pool, ",\"Tooltip\":\"\",\"Label\":\"", cells[i].after,
                                       "\",\"TableRight\":null,\"FieldProperties\":{}}", NULL));
    }
    put_literal(shape, "]]");
    close_nodes(shape);
}

static void put_reference(shape_t *shape, const place_t *place, const cs_field_t *field)
{
    place_t inner = {field->entity, apr_psprintf(shape->pool, "%s_%s", place->alias, field->column), "",
                     add_column(shape, place, field->column, ""), CS_RIGHT_READ};

    open_nodes(shape, "ref", inner.id);
    put_fields(shape, &inner);
    close_nodes(shape);
}

static void put_links(const shape_t *shape, const place_t *place, const cs_field_t *field)
{
    put_literal(shape, apr_psprintf(shape->pool, "{\"Self\":\"%s/", shape->url));
    put_cell(shape, "int", place->id, field);
    put_literal(shape, apr_psprintf(shape->pool, "\",\"Archive\":\"%s\"}", shape->url));
}

static void put_value(shape_t *shape, const place_t *place, const cs_field_t *field)
{
    static const char *const types[CS_T_COUNT] = {
        [CS_T_INT] = "int",   [CS_T_SHORT] = "int",  [CS_T_BOOL] = "bool",
        [CS_T_REAL] = "real", [CS_T_STRING] = "str", [CS_T_TIME] = "time"};
    const cs_part_t *right = &shape->parts->table_right[place->right];
    place_t inner = *place;

    if (field->flags & CS_F_KEY) {
        put_cell(shape, "int", place->id, field);
    }
    else if (types[field->type]) {
        const cs_field_t *shown = field;

        for (int back = field->again; back; back -= shown->column != NULL) {
            shown--;
        }
        put_cell(shape, types[field->type],
                 add_column(shape, place, shown->column, field->type == CS_T_TIME ? "::text" : ""), field);
    }
    else if (field->type == CS_T_ENUM || field->type == CS_T_FLAGS) {
        put_enum(shape, place, field);
    }
    else if (field->type == CS_T_REFERENCE) {
        put_reference(shape, place, field);
    }
    else if (field->type == CS_T_EMBEDDED) {
        inner.entity = field->entity;
        inner.prefix = apr_pstrcat(shape->pool, place->prefix, field->column, NULL);
        put_fields(shape, &inner);
    }
    else if (field->type == CS_T_LINES) {
        put_lines(shape, place);
    }
    else if (field->type == CS_T_RIGHT) {
        put_literal(shape, apr_pstrmemdup(shape->pool, right->text, right->len));
    }
    else if (field->type == CS_T_PROPERTIES) {
        const cs_part_t *part = &shape->parts->properties[place->right][place->entity->carrier];

        open_node(shape, "prop");
        put_text(shape->w, "v", apr_pstrmemdup(shape->pool, part->text, part->len));
        shape->w->ops->close(shape->w);
    }
    else if (field->type == CS_T_LINKS) {
        put_links(shape, place, field);
    }
    else {
        put_literal(shape, "{}");
    }
}

static void put_fields(shape_t *shape, const place_t *place)
{
    for (int i = 0; i < place->entity->count; i++) {
        put_literal(shape,
                    apr_psprintf(shape->pool, "%s\"%s\":", i ? "," : "{", place->entity->fields[i].name));
        put_value(shape, place, &place->entity->fields[i]);
    }
    put_literal(shape, "}");
}

/* ---------------- statements */

static const char *select_from(const shape_t *shape, const char *from, const char *where)
{
    const char *joins = "";

    for (int i = 0; i < cs_session_entity.count; i++) {
        const cs_field_t *field = &cs_session_entity.fields[i];

        if (field->type == CS_T_REFERENCE) {
            joins = apr_psprintf(shape->pool, "%s LEFT JOIN %s AS saved_%s ON saved_%s.%s = saved.%s", joins,
                                 field->entity->table, field->column, field->column,
                                 cs_entity_key(field->entity)->column, field->column);
        }
    }
    return apr_psprintf(shape->pool, "SELECT %s FROM %s%s%s", shape->select, from, joins, where);
}

static const char *sql_type(const cs_field_t *field)
{
    return field->type == CS_T_STRING ? "text"
           : field->type == CS_T_TIME ? "timestamp"
           : field->type == CS_T_BOOL ? "bool"
                                      : "int4";
}

/* Whether the caller may, as the module's own statements have it. */
static const char *may(const shape_t *shape, const char *session, cs_act_t act)
{
    return apr_psprintf(shape->pool,
                        "EXISTS (SELECT FROM roles_on(caller.associate_id, caller.is_admin, %s) AS access "
                        "WHERE access.roles & %d <> 0)",
                        session, cs_access_roles(act));
}

static const char *insert(const shape_t *shape)
{
    const char *columns = "", *values = "", *topic = "";
    int n = 2;

    for (int i = 0; i < cs_session_entity.count; i++) {
        const cs_field_t *field = &cs_session_entity.fields[i];

        if (field->flags & CS_F_WRITE) {
            columns = apr_psprintf(shape->pool, "%s%s%s", columns, n > 2 ? ", " : "", field->column);
            values =
                apr_psprintf(shape->pool, "%s%s$%d::text::%s", values, n > 2 ? ", " : "", n, sql_type(field));
            topic = strcmp(field->column, "topic_id") == 0
                        ? apr_psprintf(shape->pool, "$%d::text::int4, -1, NULL", n)
                        : topic;
            n++;
        }
    }
    return apr_psprintf(
        shape->pool,
        "WITH saved AS (INSERT INTO chat_session (%s) SELECT %s FROM caller($1::text) WHERE %s RETURNING *) %s",
        columns, values, may(shape, topic, CS_ACT_CREATE), select_from(shape, "saved", ""));
}

static const char *update(const shape_t *shape)
{
    const char *sets = "";
    int n = 3;

    for (int i = 0; i < cs_session_entity.count; i++) {
        const cs_field_t *field = &cs_session_entity.fields[i];

        if (field->flags & CS_F_WRITE) {
            sets = apr_psprintf(shape->pool, "%s%s%s = $%d::text::%s", sets, n > 3 ? ", " : "", field->column,
                                n, sql_type(field));
            n++;
        }
    }
    return apr_psprintf(
        shape->pool,
        "WITH saved AS (UPDATE chat_session SET %s FROM caller($1::text) WHERE id = $2::text::int4 "
        "AND %s RETURNING chat_session.*) %s",
        sets,
        may(shape, "chat_session.topic_id, chat_session.user_id, chat_session.transfer_to", CS_ACT_SAVE),
        select_from(shape, "saved", ""));
}

/* ---------------- out */

static void put_columns(cs_writer_t *w)
{
    w->ops->name(w, "columns", 7);
    w->ops->array_open(w, "");
    for (int i = 0; i < cs_session_entity.count; i++) {
        const cs_field_t *field = &cs_session_entity.fields[i];

        if (!(field->flags & CS_F_WRITE)) {
            continue;
        }
        w->ops->open(w, "");
        put_text(w, "name", field->name);
        put_text(w, "type", sql_type(field));
        put_text(w, "key", field->type == CS_T_REFERENCE ? cs_entity_key(field->entity)->name : "");
        w->ops->name(w, "unset", 5);
        w->ops->integer(w, field->unset);
        put_words(w, field->words);
        w->ops->close(w);
    }
    w->ops->array_close(w);
}

int main(int argc, const char *const *argv)
{
    apr_pool_t *pool = NULL;
    cs_parts_t parts;
    shape_t shape = {.parts = &parts};
    cs_buf_t *buf;
    cs_writer_t w;
    const char *session_get;
    cs_error_t *error;

    if (argc != 2 || apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        fprintf(stderr, "usage: shape URL\n");
        return 2;
    }
    error = cs_template_fill(pool, cs_stmt_table[CS_STMT_SESSION_GET].text, &session_get);
    if (error) {
        fprintf(stderr, "shape: session_get: %s\n", error->message);
        return 1;
    }
    shape.pool = pool;
    shape.url = argv[1];
    cs_rights_prepare(pool, CS_PROPERTIES_FULL, &cs_json_writer, &parts);
    buf = cs_buf_make(pool, 16 << 20);
    w = (cs_writer_t){.ops = &cs_json_writer, .buf = buf};
    shape.w = &w;
    shape.select = "saved.version::text, saved.id";
    shape.columns = 2;
    w.ops->open(&w, "");
    w.ops->name(&w, "nodes", 5);
    w.ops->array_open(&w, "");
    put_fields(&shape, &(place_t){&cs_session_entity, "saved", "", 1, CS_RIGHT_SAVE});
    w.ops->array_close(&w);
    put_text(&w, "get",
             select_from(&shape,
                         "caller($1::text) JOIN chat_session AS saved ON saved.id = $2::text::int4 "
                         "LEFT JOIN chat_topic_user AS member "
                         "ON member.topic_id = saved.topic_id AND member.user_id = caller.associate_id",
                         " WHERE roles_as(caller.associate_id, caller.is_admin, saved.user_id, "
                         "saved.transfer_to, member) <> 0"));
    put_text(&w, "post", insert(&shape));
    put_text(&w, "put", update(&shape));
    put_text(&w, "session_get", session_get);
    put_columns(&w);
    w.ops->close(&w);
    for (const cs_piece_t *piece = buf->first; piece; piece = piece->next) {
        fwrite(piece->data, 1, piece->len, stdout);
    }
    return 0;
}
