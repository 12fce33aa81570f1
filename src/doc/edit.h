/* doc/edit.h -- one change of a document, which gives a new one: only what lies on the path is copied.
 *
 * A lenient edit is that of an entity, whose members are always there: one that is removed becomes null, what
 * lies below null or nothing is made, and an array added to an array appends its items. */
#ifndef CS_DOC_EDIT_H
#define CS_DOC_EDIT_H

#include "doc/doc.h"
#include "doc/pointer.h"

typedef enum cs_edit_kind_t {
    CS_EDIT_ADD,     /* a member, new or in the place of an old one; an item before the one at the index */
    CS_EDIT_REPLACE, /* what is there */
    CS_EDIT_REMOVE   /* what is there */
} cs_edit_kind_t;

typedef struct cs_edit_t {
    apr_pool_t *pool;
    cs_pointer_reading_t reading;
    int work;          /* members and items that may still be copied; below 0: it was too much */
    const char *wrong; /* why the last edit failed */
} cs_edit_t;

/* The changed document, or NULL with edit->wrong.  `value` becomes part of it; CS_EDIT_REMOVE takes none. */
const cs_doc_t *cs_edit_apply(cs_edit_t *edit, const cs_doc_t *doc, cs_edit_kind_t kind,
                              const cs_pointer_t *path, const cs_doc_t *value);

#endif
