/* rows.h -- records of a session as the database would bring them, made by hand.
 *
 * The session's own cells, then those of its references, in the order of the rows. */
#ifndef CS_T_ROWS_H
#define CS_T_ROWS_H

#include "base/wall.h"
#include "model/entity.h"

#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_OF (&cs_session_entity)
#define RECORDS 8 /* the session and its seven references */

typedef struct rows_t {
    apr_pool_t *pool;
    cs_record_t records[RECORDS];
    cs_val_t *cells[RECORDS];
} rows_t;

/* Every cell unset, as a LEFT JOIN gives it where there is nothing. */
static inline rows_t *rows_make(apr_pool_t *pool)
{
    rows_t *rows = apr_pcalloc(pool, sizeof(*rows));
    int next = 0;

    rows->pool = pool;
    for (int i = -1; i < ROWS_OF->count; i++) {
        const cs_entity_t *entity = i < 0 ? ROWS_OF : ROWS_OF->fields[i].entity;
        int count;

        if (i >= 0 && ROWS_OF->fields[i].type != CS_T_REFERENCE) {
            continue;
        }
        count = cs_entity_cells(entity);
        rows->cells[next] = apr_pcalloc(pool, sizeof(cs_val_t) * (apr_size_t)count);
        rows->records[next] = (cs_record_t){rows->cells[next], count};
        next++;
    }
    return rows;
}

/* The cell of a property, "Address/Street/City" for what is embedded. */
static inline cs_val_t *cell_of(const cs_entity_t *entity, cs_val_t *cells, const char *path)
{
    size_t len = strcspn(path, "/");

    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        if (field->name_len == len && memcmp(field->name, path, len) == 0) {
            return field->type == CS_T_EMBEDDED
                       ? cell_of(field->entity, cells, path + len + (path[len] == '/'))
                       : cells;
        }
        cells += field->type == CS_T_EMBEDDED ? cs_entity_cells(field->entity) : field->column != NULL;
    }
    printf("Bail out! there is no %s\n", path);
    exit(1);
}

/* Which record holds a reference: they come in the order of the rows. */
static inline int record_of(const char *reference, const cs_entity_t **entity_out)
{
    int next = 0;

    for (int i = 0; i < ROWS_OF->count; i++) {
        if (ROWS_OF->fields[i].type == CS_T_REFERENCE) {
            next++;
            if (strcmp(ROWS_OF->fields[i].name, reference) == 0) {
                *entity_out = ROWS_OF->fields[i].entity;
                return next;
            }
        }
    }
    printf("Bail out! there is no %s\n", reference);
    exit(1);
}

static inline void set_own(rows_t *rows, const char *property, cs_val_t value)
{
    *cell_of(ROWS_OF, rows->cells[0], property) = value;
}

static inline void set_in(rows_t *rows, const char *reference, const char *path, cs_val_t value)
{
    const cs_entity_t *entity = NULL;
    int record = record_of(reference, &entity);

    *cell_of(entity, rows->cells[record], path) = value;
}

static inline cs_val_t text_cell(const char *text)
{
    return cs_val_text(text, strlen(text));
}

/* The cells of one record, each with a value of its own, so that a shift by one is seen. */
static inline void fill(apr_pool_t *pool, const cs_entity_t *entity, cs_val_t **cell, int *next)
{
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];
        const char *text = apr_psprintf(pool, "text %d", ++*next);

        if (field->type == CS_T_EMBEDDED) {
            fill(pool, field->entity, cell, next);
        }
        else if (field->column) {
            cs_val_t value = cs_val_int(*next);

            if (field->type == CS_T_STRING) {
                value = text_cell(text);
            }
            else if (field->type == CS_T_REAL) {
                value = (cs_val_t){CS_K_REAL, 1, 0, {.d = *next + 0.5}};
            }
            else if (field->type == CS_T_TIME) {
                value.u.i = *next * CS_WALL_DAY;
            }
            else if (field->type == CS_T_LINES) {
                value.u.i = 1;
            }
            *(*cell)++ = value;
        }
    }
}

static inline rows_t *rows_filled(apr_pool_t *pool)
{
    rows_t *rows = rows_make(pool);
    int next = 100;

    for (int i = -1, record = 0; i < ROWS_OF->count; i++) {
        if (i < 0 || ROWS_OF->fields[i].type == CS_T_REFERENCE) {
            cs_val_t *cell = rows->cells[record++];

            fill(pool, i < 0 ? ROWS_OF : ROWS_OF->fields[i].entity, &cell, &next);
        }
    }
    return rows;
}

#endif
