#include "query/template.h"

#include "base/buf.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define SQL_CEILING (64 * 1024)

static const cs_entity_t *const entities[] = {&cs_session_entity, &cs_topic_entity, &cs_topic_agent_entity,
                                              &cs_hours_entity};

static int is_parameter(const char *argument)
{
    return *argument && strspn(argument, "0123456789") == strlen(argument) && atoi(argument) > 0;
}

static int is_name(const char *argument)
{
    return *argument && strspn(argument, "abcdefghijklmnopqrstuvwxyz_") == strlen(argument);
}

typedef struct fill_t {
    cs_buf_t *out;
    const cs_entity_t *entity;
    const apr_array_header_t *leaves; /* of the entity, cs_leaf_t */
    const char *argument;             /* what stands after the entity: an alias or a number */
    const char *columns;              /* what stands after that: names with blanks between, "" for none */
} fill_t;

static void put(const fill_t *fill, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(const fill_t *fill, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    cs_buf_puts(fill->out, apr_pvsprintf(fill->out->pool, format, args));
    va_end(args);
}

static const cs_leaf_t *leaf_at(const fill_t *fill, int i)
{
    return &APR_ARRAY_IDX(fill->leaves, i, cs_leaf_t);
}

/* ---------------- records it refers to */

/* Each reference is joined under a name made of its column, so that two to one table do not meet. */
static const char *join_alias(const fill_t *fill, const cs_leaf_t *leaf)
{
    return apr_pstrcat(fill->out->pool, fill->argument, "_", leaf->column, NULL);
}

static int is_any(const cs_leaf_t *leaf)
{
    (void)leaf;
    return 1;
}

static int is_carrier(const cs_leaf_t *leaf)
{
    return leaf->field->type == CS_T_REFERENCE;
}

/* Calls `one` for each leaf that is wanted, and puts `between` between. */
static void put_leaves(const fill_t *fill, const char *between, int (*wanted)(const cs_leaf_t *leaf),
                       void (*one)(const fill_t *fill, const cs_leaf_t *leaf))
{
    const char *separator = "";

    for (int i = 0; i < fill->leaves->nelts; i++) {
        if (wanted(leaf_at(fill, i))) {
            put(fill, "%s", separator);
            one(fill, leaf_at(fill, i));
            separator = between;
        }
    }
}

static void put_carriers(const fill_t *fill, const char *between,
                         void (*one)(const fill_t *fill, const cs_leaf_t *leaf))
{
    put_leaves(fill, between, is_carrier, one);
}

static void put_reference(const fill_t *fill, const cs_leaf_t *leaf)
{
    put(fill, "%s", join_alias(fill, leaf));
}

static void put_join(const fill_t *fill, const cs_leaf_t *leaf)
{
    const char *alias = join_alias(fill, leaf);

    put(fill, "LEFT JOIN %s AS %s ON %s.%s = %s.%s", leaf->field->entity->table, alias, alias,
        cs_entity_key(leaf->field->entity)->column, fill->argument, leaf->column);
}

static void put_key(const fill_t *fill, const cs_leaf_t *leaf)
{
    put(fill, "%s.%s", fill->argument, leaf->column);
}

static void put_table(const fill_t *fill, const cs_leaf_t *leaf)
{
    put(fill, ", '%s'", leaf->field->entity->table);
}

static void put_references(const fill_t *fill)
{
    put_carriers(fill, ", ", put_reference);
}

static void put_joins(const fill_t *fill)
{
    put_carriers(fill, " ", put_join);
}

static void put_keys(const fill_t *fill)
{
    put_carriers(fill, ", ", put_key);
}

static void put_cells(const fill_t *fill)
{
    put_leaves(fill, ", ", is_any, put_key);
}

static void put_tables(const fill_t *fill)
{
    put(fill, "'%s'", fill->entity->table);
    put_carriers(fill, "", put_table);
}

static void put_layout(const fill_t *fill)
{
    put(fill, "layout(");
    put_tables(fill);
    put(fill, ") AS layout");
}

static void put_maker(const fill_t *fill, const cs_leaf_t *leaf)
{
    put(fill, ", %s.xmin", join_alias(fill, leaf));
}

static void put_mark(const fill_t *fill)
{
    put(fill, "hash_record_extended(ROW(%s.xmin", fill->argument);
    put_carriers(fill, "", put_maker);
    put(fill, "), mark_seed(ARRAY[]::text[], ");
    put_tables(fill);
    put(fill, "))");
}

/* ---------------- writable columns, references */

static int is_listed(const char *columns, const char *column)
{
    apr_size_t len = strlen(column);

    while (*columns) {
        apr_size_t word = strcspn(columns, " ");

        if (word == len && memcmp(columns, column, len) == 0) {
            return 1;
        }
        columns += word + strspn(columns + word, " ");
    }
    return 0;
}

/* Calls `one` for each leaf that is stored, with the number of its parameter, and puts `between` between;
 * columns that are named do not count. */
static void put_each(const fill_t *fill, const char *between, int references_only,
                     void (*one)(const fill_t *fill, const cs_leaf_t *leaf, int parameter))
{
    int parameter = atoi(fill->argument);
    const char *separator = "";

    for (int i = 0; i < fill->leaves->nelts; i++) {
        const cs_leaf_t *leaf = leaf_at(fill, i);

        if (!leaf->writable) {
            continue;
        }
        if ((!references_only || leaf->field->entity) && !is_listed(fill->columns, leaf->column)) {
            put(fill, "%s", separator);
            one(fill, leaf, parameter);
            separator = between;
        }
        parameter++;
    }
}

static void put_column(const fill_t *fill, const cs_leaf_t *leaf, int parameter)
{
    (void)parameter;
    put(fill, "%s", leaf->column);
}

/* A parameter, or a column of what the alias names. */
static void put_value(const fill_t *fill, const cs_leaf_t *leaf, int parameter)
{
    if (is_parameter(fill->argument)) {
        put(fill, "$%d", parameter);
    }
    else {
        put_key(fill, leaf);
    }
}

static void put_assignment(const fill_t *fill, const cs_leaf_t *leaf, int parameter)
{
    put(fill, "%s = ", leaf->column);
    put_value(fill, leaf, parameter);
}

static void put_known_one(const fill_t *fill, const cs_leaf_t *leaf, int parameter)
{
    put(fill, "(coalesce($%d, 0) <= 0 OR EXISTS (SELECT FROM %s WHERE %s = $%d)) AS %s", parameter,
        leaf->field->entity->table, cs_entity_key(leaf->field->entity)->column, parameter, leaf->column);
}

static void put_known_name(const fill_t *fill, const cs_leaf_t *leaf, int parameter)
{
    (void)parameter;
    put(fill, "%s.%s", fill->argument, leaf->column);
}

static void put_columns(const fill_t *fill)
{
    put_each(fill, ", ", 0, put_column);
}

static void put_values(const fill_t *fill)
{
    put_each(fill, ", ", 0, put_value);
}

static void put_assignments(const fill_t *fill)
{
    put_each(fill, ", ", 0, put_assignment);
}

static void put_parameter(const fill_t *fill)
{
    int parameter = atoi(fill->argument);

    for (int i = 0; i < fill->leaves->nelts; i++) {
        const cs_leaf_t *leaf = leaf_at(fill, i);

        if (leaf->writable && strcmp(leaf->column, fill->columns) == 0) {
            put(fill, "$%d", parameter);
        }
        parameter += leaf->writable;
    }
}

static void put_known(const fill_t *fill)
{
    put_each(fill, ", ", 1, put_known_one);
}

static void put_all_known(const fill_t *fill)
{
    put_each(fill, " AND ", 1, put_known_name);
}

static void put_known_record(const fill_t *fill)
{
    put(fill, "ROW(");
    put_each(fill, ", ", 1, put_known_name);
    put(fill, ")");
}

/* What must follow the entity. */
typedef enum argument_t {
    NOTHING,
    ALIAS,
    PARAMETER,
    PARAMETER_OF, /* and a column */
    VALUES_BUT,   /* a parameter or an alias, and any columns */
    NOTHING_BUT   /* or the same */
} argument_t;

static const struct {
    const char *name;
    argument_t argument;
    void (*put)(const fill_t *fill);
} markers[] = {
    {"tables", NOTHING, put_tables},
    {"references", ALIAS, put_references},
    {"layout", NOTHING, put_layout},
    {"joins", ALIAS, put_joins},
    {"mark", ALIAS, put_mark},
    {"keys", ALIAS, put_keys},
    {"cells", ALIAS, put_cells},
    {"columns", NOTHING_BUT, put_columns},
    {"values", VALUES_BUT, put_values},
    {"known", PARAMETER, put_known},
    {"assignments", VALUES_BUT, put_assignments},
    {"all_known", ALIAS, put_all_known},
    {"known_record", ALIAS, put_known_record},
    {"parameter", PARAMETER_OF, put_parameter},
};

/* ---------------- filling */

/* How many of the names are columns that a client may set; -1 when one is not. */
static int count_columns(const fill_t *fill, const char *columns)
{
    int names = 0, known = 0;

    for (const char *at = columns; *at; at += strspn(at, " ")) {
        at += strcspn(at, " ");
        names++;
    }
    for (int i = 0; i < fill->leaves->nelts; i++) {
        known += leaf_at(fill, i)->writable && is_listed(columns, leaf_at(fill, i)->column);
    }
    return names == known ? known : -1;
}

static int argument_fits(argument_t wanted, const fill_t *fill)
{
    int columns = count_columns(fill, fill->columns);

    switch (wanted) {
    case NOTHING:
        return *fill->argument == '\0' && columns == 0;
    case ALIAS:
        return is_name(fill->argument) && columns == 0;
    case PARAMETER:
        return is_parameter(fill->argument) && columns == 0;
    case PARAMETER_OF:
        return is_parameter(fill->argument) && columns == 1;
    case VALUES_BUT:
        return (is_parameter(fill->argument) || is_name(fill->argument)) && columns >= 0;
    case NOTHING_BUT:
        return !*fill->argument || (is_parameter(fill->argument) && columns >= 0);
    }
    return 0;
}

/* Cuts the next word off; "" at the end. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " ");
    char *end = word + strcspn(word, " ");

    *rest = *end ? end + 1 : end;
    *end = '\0';
    return word;
}

static cs_error_t *fill_marker(cs_buf_t *out, const char *marker)
{
    char *rest = apr_pstrdup(out->pool, marker);
    const char *name = next_word(&rest);
    const char *label = next_word(&rest);
    fill_t fill = {.out = out, .argument = next_word(&rest)};

    fill.columns = rest + strspn(rest, " ");
    for (apr_size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        if (strcmp(label, entities[i]->label) == 0) {
            fill.entity = entities[i];
            fill.leaves = cs_entity_leaves(out->pool, entities[i]);
        }
    }
    for (apr_size_t i = 0; fill.entity && i < sizeof(markers) / sizeof(markers[0]); i++) {
        if (strcmp(name, markers[i].name) == 0 && (fill.entity->table || markers[i].put == put_cells) &&
            argument_fits(markers[i].argument, &fill)) {
            markers[i].put(&fill);
            return NULL;
        }
    }
    return cs_error_make(out->pool, CS_E_INTERNAL, NULL, "a statement has no marker {%s}", marker);
}

cs_error_t *cs_template_fill(apr_pool_t *pool, const char *text, const char **sql_out)
{
    cs_buf_t *out = cs_buf_make(pool, SQL_CEILING);
    const char *open;

    while ((open = strchr(text, '{'))) {
        const char *close = strchr(open, '}');

        if (!close) {
            return cs_error_make(pool, CS_E_INTERNAL, NULL, "a statement's marker has no end: %s", open);
        }
        cs_buf_put(out, text, (apr_size_t)(open - text));
        CS_TRY(fill_marker(out, apr_pstrmemdup(pool, open + 1, (apr_size_t)(close - open) - 1)));
        text = close + 1;
    }
    cs_buf_puts(out, text);
    if (out->full) {
        return cs_error_make(pool, CS_E_INTERNAL, NULL, "a statement is longer than %d bytes", SQL_CEILING);
    }
    *sql_out = cs_buf_text(out, pool);
    return NULL;
}
